// Administration: the order of choices by drag or keyboard, the way back to a form, the printed identity.

const SAVE_AFTER_MS = 500;
const EDGE = 60;
const spoken = document.getElementById("spoken");

// ------------------------------------------------------------------------------------ the order of choices

let saving = 0; // the timer of a move that is not yet sent
let dragged = null; // { row, before, pointer }
let used = []; // the ids of the controls that moved a row last: the first that is there again gets the focus

// Its fields are named id: what the form itself answers to `.id` is one of those.
const isOrder = (form) => form?.matches?.("[data-order]");
const rowsOf = (row) => [...row.parentElement.children];

// The neighbour jumps over the row: a row that is itself put elsewhere would lose the pointer and the focus.
function step(row, up) {
  const neighbour = up ? row.previousElementSibling : row.nextElementSibling;
  if (!neighbour) return false;
  if (up) row.after(neighbour);
  else row.before(neighbour);
  return true;
}

function tell(row) {
  const rows = rowsOf(row);
  const words = document.getElementById("order").dataset.place;
  spoken.textContent = words
    .replace("{label}", row.dataset.label)
    .replace("{place}", rows.indexOf(row) + 1)
    .replace("{count}", rows.length);
}

function save(delay) {
  clearTimeout(saving);
  saving = setTimeout(() => {
    saving = 0;
    document.getElementById("order")?.requestSubmit();
  }, delay);
}

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("[data-move]");
  if (!handle || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  event.stopPropagation();
  const row = handle.closest("tr");
  used = [handle.id];
  if (step(row, event.key === "ArrowUp")) save(SAVE_AFTER_MS);
  tell(row);
  row.scrollIntoView({ block: "nearest" });
}, true);

document.addEventListener("focusout", (event) => {
  if (saving && event.target.closest?.("[data-move]")) save(0);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[form=order]");
  if (button) used = [button.id, `move-${button.value}`];
});

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-move]");
  if (!handle || event.button || dragged) return;
  clearTimeout(saving);
  const row = handle.closest("tr");
  dragged = { row, pointer: event.pointerId, before: rowsOf(row) };
  row.classList.add("dragged");
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== dragged?.pointer) return;
  const { row } = dragged;
  if (event.clientY < EDGE) window.scrollBy(0, -12);
  if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 12);
  const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
  while (row.previousElementSibling && event.clientY < middle(row.previousElementSibling)) step(row, true);
  while (row.nextElementSibling && event.clientY > middle(row.nextElementSibling)) step(row, false);
});

document.addEventListener("pointerup", (event) => drop(event, true));
document.addEventListener("pointercancel", (event) => drop(event, false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && dragged) drop({ pointerId: dragged.pointer }, false);
});

function drop(event, keep) {
  if (event.pointerId !== dragged?.pointer) return;
  const { row, before } = dragged;
  dragged = null;
  row.classList.remove("dragged");
  if (!keep) row.parentElement.append(...before);
  else if (rowsOf(row).some((other, at) => other !== before[at])) {
    used = [row.querySelector("[data-move]").id];
    tell(row);
    save(0);
  }
}

// htmx takes the button that has the focus for one that was pressed: after a Tab it would move the row once more.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters, triggeringEvent } = event.detail;
  if (!isOrder(elt)) return;
  for (const name of ["up", "down"]) if (triggeringEvent?.submitter?.name !== name) delete parameters[name];
});

// A move made while the one before is on its way: its answer would put the rows back, so it is not waited for.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (isOrder(event.detail.requestConfig?.elt) && (saving || dragged)) event.detail.shouldSwap = false;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!isOrder(event.detail.requestConfig?.elt)) return;
  const active = document.activeElement;
  const isElsewhere = active && active !== document.body && active.id !== "content" && !active.closest(".choices th");
  const control = used.map((id) => document.getElementById(id)).find((found) => found && !found.disabled);
  if (!isElsewhere) control?.focus();
  used = [];
});

// ------------------------------------------------------------------------------------- the way back to a form

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-close-tab]")) return;
  window.close();
  // A browser closes only tabs that a page has opened: where it does not, the words say what to do.
  setTimeout(() => document.querySelector("[data-from-form]")?.classList.add("stays"), 200);
});

// ---------------------------------------------------------------------------------------- the printed identity

const groups = (text, size) => text.replace(/[\s.]/g, "").toUpperCase().replace(new RegExp(`(.{${size}})(?=.)`, "g"), "$1 ");
const typed = (name) => document.getElementById(name)?.value.trim() ?? "";

function printIdentity() {
  const preview = document.querySelector("[data-preview]");
  if (!preview) return;
  const part = (name) => preview.querySelector(`[data-part="${name}"]`);
  part("name").textContent = typed("company_name");
  const country = typed("country");
  const abroad = /^(france|fr)$/i.test(country) ? "" : country;
  const town = [typed("postal_code"), typed("city")].filter(Boolean).join(" ");
  part("lines").replaceChildren(...[typed("street"), typed("street2"), town, abroad].filter(Boolean).map((line) => {
    const shown = document.createElement("span");
    shown.textContent = line;
    return shown;
  }));
  const siren = typed("siren") && `SIREN ${groups(typed("siren"), 3)}`;
  const vat = typed("vat_number") && `${preview.dataset.vat} ${typed("vat_number").replace(/\s/g, "").toUpperCase()}`;
  part("legal").textContent = [siren, vat].filter(Boolean).join(" · ");
  part("iban").textContent = typed("iban") && `IBAN ${groups(typed("iban"), 4)}`;
}

function showLogo() {
  const image = document.querySelector("[data-preview] [data-logo]");
  if (!image) return;
  image.dataset.kept ??= image.getAttribute("src") ?? "";
  const [file] = document.getElementById("logo")?.files ?? [];
  const removed = document.querySelector("input[type=checkbox][name=remove_logo]")?.checked;
  const put = (address) => {
    image.hidden = !address;
    if (address) image.src = address;
  };
  if (!file || !/^image\/(png|jpeg)$/.test(file.type)) return put(removed ? "" : image.dataset.kept);
  const reader = new FileReader();
  reader.addEventListener("load", () => put(reader.result));
  reader.readAsDataURL(file);
}

document.addEventListener("input", (event) => {
  if (event.target.closest?.("form:has([data-preview])")) printIdentity();
});
document.addEventListener("change", (event) => {
  if (["logo", "remove_logo"].includes(event.target.name)) showLogo();
});
document.addEventListener("htmx:load", printIdentity);
