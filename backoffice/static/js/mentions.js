// Whom a text mentions: behind an @ the names of colleagues are proposed, chosen by key or pointer.

const MOST = 6;
let open = null;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// The @ before the caret, and what was typed behind it.
function typedName(area) {
  const before = area.value.slice(0, area.selectionStart);
  const found = /(?:^|[\s(])@([\p{L}\p{M}’'.-]*(?: [\p{L}\p{M}’'.-]*)?)$/u.exec(before);
  return found && { start: before.length - found[1].length, words: fold(found[1]).split(/[ .]/).filter(Boolean) };
}

function matches(name, words) {
  const parts = fold(name).split(/[ -]/);
  return words.every((word) => parts.some((part) => part.startsWith(word)));
}

document.addEventListener("input", (event) => {
  const area = event.target.closest?.("form[data-people] textarea");
  if (!area) return;
  const typed = typedName(area);
  const names = typed ? JSON.parse(area.form.dataset.people).filter((name) => matches(name, typed.words)) : [];
  const isWhole = typed && names.length === 1 && fold(names[0]) === typed.words.join(" ");
  if (!names.length || isWhole) return close();
  show(area, typed.start, names.slice(0, MOST));
});

function show(area, start, names) {
  close();
  const list = document.createElement("ul");
  list.className = "options under people";
  list.id = `${area.id}-people`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", area.form.dataset.peopleLabel);
  names.forEach((name, place) => {
    const option = document.createElement("li");
    option.id = `${list.id}-${place}`;
    option.setAttribute("role", "option");
    option.textContent = name;
    list.append(option);
  });
  area.after(list);
  area.setAttribute("aria-controls", list.id);
  open = { area, start, list };
  mark(0);
}

function mark(place) {
  const options = [...open.list.children];
  open.at = (place + options.length) % options.length;
  options.forEach((option, index) => option.setAttribute("aria-selected", String(index === open.at)));
  open.area.setAttribute("aria-activedescendant", options[open.at].id);
}

function close() {
  if (!open) return;
  open.list.remove();
  for (const name of ["aria-controls", "aria-activedescendant"]) open.area.removeAttribute(name);
  open = null;
}

function choose(option) {
  const { area, start } = open;
  area.setRangeText(`${option.textContent} `, start, area.selectionStart, "end");
  close();
  area.focus();
}

const KEYS = {
  ArrowDown: () => mark(open.at + 1),
  ArrowUp: () => mark(open.at - 1),
  Enter: () => choose(open.list.children[open.at]),
  Tab: () => choose(open.list.children[open.at]),
  Escape: close,
};

// Before all who listen for these keys: an open list has them first.
document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.area || event.ctrlKey || event.metaKey || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  KEYS[event.key]();
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".people li");
  if (!option || !open) return;
  event.preventDefault();
  choose(option);
});

document.addEventListener("focusout", (event) => event.target === open?.area && close());
