// Inline rows of a form: add a copy of the blank one, take a new one away, and take that back. Stored rows go by
// their tick box.

const highest = new WeakMap();
const removed = new WeakMap();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row], [data-remove-row], [data-restore-row]");
  if (!button) return;
  if (button.matches("[data-add-row]")) addRow(button.closest("[data-rows]"));
  else if (button.matches("[data-remove-row]")) removeRow(button.closest(".row"));
  else restoreRow(button.closest(".gone"));
});

document.addEventListener("input", (event) => {
  const row = event.target.closest(".row");
  if (row?.closest("[data-rows]")) title(row);
});

function addRow(rows) {
  const full = rows.querySelector("[data-rows-full]");
  full.hidden = count(rows) < Number(rows.dataset.most);
  if (!full.hidden) return;
  const copy = document.createElement("div");
  copy.append(rows.querySelector("template").content.cloneNode(true));
  copy.innerHTML = copy.innerHTML.replaceAll("__index__", String(nextIndex(rows)));
  const row = copy.firstElementChild;
  rows.querySelector("[data-rows-list]").append(row);
  firstField(row)?.focus();
}

function removeRow(row) {
  const rows = row.closest("[data-rows]");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (isTyped(row)) row.before(trace(row, rows));
  row.remove();
  rows.querySelector("[data-rows-full]").hidden = true;
  (firstField(next) ?? next?.querySelector("button") ?? rows.querySelector("[data-add-row]")).focus();
}

// What was typed into a row that was taken away can be taken back until the form is saved.
function trace(row, rows) {
  const gone = document.createElement("div");
  gone.className = "gone";
  gone.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = rows.dataset.removed.replace("{name}", title(row));
  const back = Object.assign(document.createElement("button"), { type: "button", className: "btn ghost" });
  back.textContent = rows.dataset.back;
  back.dataset.restoreRow = "";
  gone.append(words, back);
  removed.set(gone, row);
  return gone;
}

function restoreRow(gone) {
  const row = removed.get(gone);
  gone.replaceWith(row);
  firstField(row)?.focus();
}

function title(row) {
  const place = row.querySelector("header > span");
  row.dataset.untitled ??= place.textContent;
  const groups = row.closest("[data-rows]").dataset.namedBy.split("|").filter(Boolean);
  const value = (name) => row.querySelector(`[name="${CSS.escape(`${row.id}-${name}`)}"]`)?.value.trim() ?? "";
  const named = groups.map((group) => group.split(" ").map(value).filter(Boolean).join(" ")).find(Boolean);
  place.textContent = named ?? row.dataset.untitled;
  return place.textContent;
}

function isTyped(row) {
  return [...row.querySelectorAll("input:not([type=hidden], [type=checkbox])")].some((field) => field.value !== field.defaultValue);
}

function firstField(row) {
  return row?.querySelector("input:not([type=hidden], [type=checkbox]), select, textarea");
}

function indices(rows) {
  const start = `${rows.dataset.rows}-`;
  const found = new Set();
  for (const field of rows.closest("form").elements) {
    if (field.name?.startsWith(start)) found.add(Number.parseInt(field.name.slice(start.length), 10));
  }
  return found;
}

function count(rows) {
  return indices(rows).size;
}

// Counted over the whole form: the first row of the same relation may stand in another card. A row that may come
// back keeps its number.
function nextIndex(rows) {
  const next = Math.max(-1, highest.get(rows) ?? -1, ...indices(rows)) + 1;
  highest.set(rows, next);
  return next;
}
