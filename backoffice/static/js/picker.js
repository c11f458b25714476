// A record found as one types (the combobox pattern of the ARIA guide). What is sent is the id in the hidden field.

const WAIT_MS = 180;
const states = new WeakMap();

document.addEventListener("focusin", (event) => {
  const picker = event.target.closest("[data-picker]");
  if (picker && !states.has(picker)) states.set(picker, new Picker(picker));
});

class Picker {
  constructor(root) {
    this.root = root;
    this.id = root.querySelector("input[type=hidden]");
    this.input = root.querySelector("[role=combobox]");
    this.list = root.querySelector("[role=listbox]");
    this.status = root.querySelector("[data-status]");
    this.clear = root.querySelector(".clear");
    this.chosen = this.input.value;
    this.active = -1;
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
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
      return this.close();
    }
    this.timer = setTimeout(() => this.search(), WAIT_MS);
  }

  async search() {
    const asked = this.input.value.trim();
    this.running?.abort();
    this.running = new AbortController();
    this.say(this.root.dataset.loading);
    try {
      const url = new URL(this.root.dataset.url, location.href);
      url.searchParams.set("q", asked);
      const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: this.running.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.json());
    } catch (error) {
      if (error.name === "AbortError") return;
      this.close();
      this.say(this.root.dataset.failed);
    }
  }

  show(found) {
    if (document.activeElement !== this.input) return;
    this.list.replaceChildren(...found.map(([id, label], index) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.id = id;
      option.textContent = label;
      return option;
    }));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.say(found.length ? "" : this.root.dataset.none);
    this.point(-1);
  }

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (this.list.hidden) return this.input.value.trim() ? this.search() : undefined;
      const count = this.list.children.length;
      const from = this.active < 0 && event.key === "ArrowUp" ? 0 : this.active;
      return this.point((from + moves[event.key] + count) % count);
    }
    if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      const option = this.list.children[Math.max(this.active, 0)];
      if (option) this.choose(option);
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

  choose(option) {
    this.set(option.dataset.id, option.textContent);
    this.close();
  }

  set(id, label) {
    const changed = this.id.value !== id;
    this.id.value = id;
    this.input.value = this.chosen = label;
    this.clear.hidden = !id;
    this.say("");
    if (changed) this.id.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What was typed and not chosen is no choice: the field says so and shows what is chosen.
  leave() {
    clearTimeout(this.timer);
    this.running?.abort();
    this.close();
    const typed = this.input.value.trim();
    if (!typed || typed === this.chosen) return this.say("");
    this.input.value = this.chosen;
    this.say(this.root.dataset.unknown.replace("{typed}", typed));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.point(-1);
  }

  say(words) {
    this.status.textContent = words;
  }
}
