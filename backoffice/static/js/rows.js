// Inline rows of a form: add a copy of the blank one, take a new one away. Stored rows go by their tick box.

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  const remove = event.target.closest("[data-remove-row]");
  if (add) addRow(add.closest("[data-rows]"));
  if (remove) removeRow(remove.closest(".row"));
});

function addRow(rows) {
  const copy = document.createElement("div");
  copy.append(rows.querySelector("template").content.cloneNode(true));
  copy.innerHTML = copy.innerHTML.replaceAll("__index__", String(nextIndex(rows)));
  const row = copy.firstElementChild;
  rows.querySelector("[data-rows-list]").append(row);
  row.querySelector("input:not([type=hidden], [type=checkbox]), select, textarea")?.focus();
}

function removeRow(row) {
  const rows = row.closest("[data-rows]");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (next?.querySelector("input:not([type=hidden]), select") ?? rows.querySelector("[data-add-row]")).focus();
}

// Counted over the whole form: the first row of the same relation may stand in another card.
function nextIndex(rows) {
  const start = `${rows.dataset.rows}-`;
  let last = -1;
  for (const field of rows.closest("form").elements) {
    if (!field.name?.startsWith(start)) continue;
    const index = Number.parseInt(field.name.slice(start.length), 10);
    if (index > last) last = index;
  }
  return last + 1;
}
