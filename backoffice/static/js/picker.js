// Text fields with a list under them (the combobox pattern of the ARIA guide): a record that is found as one types,
// whose id is sent in a hidden field, and plain text for which another script suggests values.

const WAIT_MS = 180;
const pickers = new WeakMap();
const suggested = new WeakMap();

document.addEventListener("focusin", (event) => {
  const picker = event.target.closest("[data-picker]");
  if (picker && !pickers.has(picker)) pickers.set(picker, new Picker(picker));
});

// Another script says what may stand in a field: { choices: [[value, label], …], open: now, or once one comes to it }.
document.addEventListener("suggest", (event) => {
  const input = event.target;
  if (!suggested.has(input)) suggested.set(input, new Suggestions(input));
  suggested.get(input).take(event.detail);
});

// Text that stands in a picker and was not chosen is not sent: it is said before, not lost by a key that saves.
document.addEventListener("submit", (event) => {
  for (const root of event.target.querySelectorAll("[data-picker]")) {
    const picker = pickers.get(root);
    if (!picker?.isOpen()) continue;
    event.preventDefault();
    event.stopPropagation();
    picker.leave();
    picker.input.focus();
  }
}, true);

// What was chosen is sent by its id: the text is for those who have no script.
document.addEventListener("formdata", (event) => {
  for (const root of event.target.querySelectorAll("[data-picker]")) {
    const { name } = root.querySelector("input[type=hidden]");
    for (const plain of ["typed", "was"]) event.formData.delete(`${name}_${plain}`);
  }
});

// The list of a field: shown, moved through, chosen from.
class Options {
  constructor(input, list, chosen) {
    this.input = input;
    this.list = list;
    this.active = -1;
    input.addEventListener("keydown", (event) => this.key(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
    this.chosen = chosen;
  }

  show(choices) {
    this.list.replaceChildren(...choices.map(([value, label], index) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = value;
      option.textContent = label;
      return option;
    }));
    this.list.hidden = !choices.length;
    this.input.setAttribute("aria-expanded", String(choices.length > 0));
    this.point(-1);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.point(-1);
  }

  choose(option) {
    this.chosen(option.dataset.value, option.textContent);
    this.close();
  }

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && !this.list.hidden) {
      event.preventDefault();
      const count = this.list.children.length;
      const from = this.active < 0 && event.key === "ArrowUp" ? 0 : this.active;
      this.point((from + moves[event.key] + count) % count);
    }
    if (event.key === "Enter" && !this.list.hidden) {
      const option = this.list.children[this.first ? Math.max(this.active, 0) : this.active];
      if (option) {
        event.preventDefault();
        this.choose(option);
      }
    }
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  point(index) {
    this.active = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.list.children[index];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }
}

class Picker {
  constructor(root) {
    this.root = root;
    this.id = root.querySelector("input[type=hidden]");
    this.input = root.querySelector("[role=combobox]");
    this.status = root.querySelector("[data-status]");
    this.clear = root.querySelector(".clear");
    this.shown = this.input.value;
    this.options = new Options(this.input, root.querySelector("[role=listbox]"), (id, label) => this.set(id, label));
    this.options.first = true; // Enter takes the first one
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("blur", () => this.leave());
    this.input.addEventListener("keydown", (event) => {
      if (event.key.startsWith("Arrow") && !event.defaultPrevented && this.input.value.trim()) this.search();
    });
    this.clear.addEventListener("click", () => {
      this.set("", "");
      this.input.focus();
    });
  }

  typed() {
    clearTimeout(this.timer);
    this.say("");
    if (!this.input.value.trim()) {
      this.set("", "");
      return this.options.close();
    }
    this.timer = setTimeout(() => this.search(), WAIT_MS);
  }

  async search() {
    this.running?.abort();
    this.running = new AbortController();
    this.say(this.root.dataset.loading);
    try {
      const url = new URL(this.root.dataset.url, location.href);
      url.searchParams.set("q", this.input.value.trim());
      const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: this.running.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (document.activeElement !== this.input) return;
      this.options.show(found);
      this.say(found.length ? "" : this.root.dataset.none);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.options.close();
      this.say(this.root.dataset.failed);
    }
  }

  set(id, label) {
    const changed = this.id.value !== id;
    this.id.value = id;
    this.input.value = this.shown = label;
    this.clear.hidden = !id;
    this.say("");
    if (changed) this.id.dispatchEvent(new Event("change", { bubbles: true }));
  }

  isOpen() {
    return this.input.value.trim() !== this.shown.trim();
  }

  // What was typed and not chosen is no choice: the field says so and shows what is chosen.
  leave() {
    clearTimeout(this.timer);
    this.running?.abort();
    this.options.close();
    const typed = this.input.value.trim();
    if (!typed || typed === this.shown) return this.say("");
    this.input.value = this.shown;
    this.say(this.root.dataset.unknown.replace("{typed}", typed));
  }

  say(words) {
    this.status.textContent = words;
  }
}

class Suggestions {
  constructor(input) {
    this.input = input;
    const list = Object.assign(document.createElement("ul"), { className: "options under", id: `${input.id}-list`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
    input.after(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
      input.setAttribute(name, value);
    }
    this.choices = [];
    this.options = new Options(input, list, (value) => {
      input.value = value;
      for (const name of ["input", "change"]) input.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: "chosen" }));
    });
    input.addEventListener("focus", () => !input.value && this.open());
    input.addEventListener("input", (event) => event.detail !== "chosen" && this.narrow && this.open());
    input.addEventListener("blur", () => this.options.close());
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && !event.defaultPrevented) this.open();
    });
  }

  take({ choices, open, narrow }) {
    this.choices = choices;
    this.narrow = narrow;
    if (!choices.length) this.options.close();
    else if (open) this.open();
  }

  open() {
    if (document.activeElement !== this.input) return;
    const typed = plain(this.input.value.trim());
    const fitting = this.narrow ? this.choices.filter(([value]) => plain(value).includes(typed)) : this.choices;
    const isChosen = fitting.length === 1 && plain(fitting[0][0]) === typed;
    if (fitting.length && !isChosen) this.options.show(fitting);
    else this.options.close();
  }
}

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
