// The search over everything (Ctrl K): a field with its list of hits, by the combobox pattern of the ARIA guide.
// What is typed is asked of the search page, first for what is found at once, then for all of it. Enter opens the hit
// that is marked, the first one unless one moves.

const WAIT_MS = 100;
const THEN_MS = 200;
const palette = document.getElementById("palette");
const input = document.getElementById("palette-words");
const list = document.getElementById("palette-hits");
const status = palette?.querySelector("[role=status]");

let timer = 0;
let running = null;
let answered = null; // the words that the list answers, and whether it is all there is
let isWhole = false;
let opensNext = null; // Enter came before the answer: what it opens, and how

const typed = () => input.value.trim();
const options = () => [...list.querySelectorAll("[role=option]")];
const marked = () => list.querySelector("[aria-selected=true]");

function open() {
  if (palette.open) return input.select();
  palette.showModal();
  input.value = "";
  list.replaceChildren();
  answered = null;
  isWhole = false;
  input.focus();
  ask();
}

// Without words there is nothing that takes longer.
async function ask(atOnce = typed() !== "") {
  clearTimeout(timer);
  running?.abort();
  running = new AbortController();
  const words = typed();
  try {
    const url = `${input.form.getAttribute("action")}?q=${encodeURIComponent(words)}${atOnce ? "&at_once=1" : ""}`;
    const headers = { "HX-Request": "true", "HX-Target": "palette-hits" };
    const answer = await fetch(url, { headers, signal: running.signal });
    if (answer.status === 401) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.text(), words, !atOnce);
  } catch (error) {
    if (error.name !== "AbortError") fail();
  }
}

function show(html, words, whole) {
  if (!palette.open || words !== typed()) return;
  if (!whole) timer = setTimeout(ask, opensNext ? 0 : THEN_MS, false);
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  if (!whole && !fresh.content.querySelector("[role=option]")) return; // what stands there stays until all is known
  const before = answered === words ? marked()?.href : null;
  list.replaceChildren(fresh.content);
  if (!before) list.scrollTop = 0;
  [answered, isWhole] = [words, whole];
  const found = options();
  input.setAttribute("aria-expanded", String(found.length > 0));
  mark(found.find((option) => option.href === before) ?? found[0]);
  if (isWhole) say(list.firstElementChild.dataset.said);
  if (opensNext && mayFollow()) follow(opensNext.isElsewhere);
}

function fail() {
  opensNext = null;
  const sentence = document.getElementById("spoken").dataset.unread;
  list.replaceChildren(Object.assign(document.createElement("div"), { className: "title", textContent: sentence }));
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  say(sentence);
}

function say(text) {
  status.textContent = text;
}

function mark(option) {
  marked()?.setAttribute("aria-selected", "false");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = options();
  if (all.length) mark(all[(all.indexOf(marked()) + step + all.length) % all.length]);
}

// Enter may be faster than the answer: then it waits for it, and never opens what stood there before, nor an action
// while a record may still come.
function mayFollow() {
  return answered === typed() && (isWhole || Number(list.firstElementChild?.dataset.found) > 0);
}

function follow(isElsewhere) {
  if (!mayFollow()) {
    opensNext = { isElsewhere };
    return ask(answered !== typed());
  }
  opensNext = null;
  const option = marked();
  if (!option) return;
  if (isElsewhere) window.open(option.href, "_blank", "noopener");
  else {
    palette.close();
    location.assign(option.href);
  }
}

const COMBOBOX = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "palette-hits", spellcheck: "false", enterkeyhint: "go" };

if (palette) {
  for (const [name, value] of Object.entries(COMBOBOX)) input.setAttribute(name, value);

  document.addEventListener("keydown", (event) => {
    const withControl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!withControl || event.key.toLowerCase() !== "k" || event.defaultPrevented) return;
    event.preventDefault();
    open();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) open();
    else if (event.target === palette || event.target.closest("[data-close-palette]")) palette.close();
    else if (event.target.closest("#palette [role=option]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) palette.close();
  });

  input.addEventListener("input", () => {
    opensNext = null;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS, typed() !== "");
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) move(steps[event.key]);
    else if (event.key === "Enter") follow(event.ctrlKey || event.metaKey);
    else if (event.key === "Escape") palette.close();
    else return;
    event.preventDefault();
  });

  palette.addEventListener("close", () => {
    clearTimeout(timer);
    running?.abort();
    opensNext = null;
  });
}
