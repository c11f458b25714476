// The card of a record: facts copied and edited where they stand, rows edited in their place, and the focus kept.
// A place ([data-place]) shows a record, or the form that edits it; one form is open at a time.

const COPIED_MS = 2000;
const places = new WeakMap();
let toFocus = "";
let rowToFocus = "";
let shownBefore = 0;

const words = () => document.querySelector("[data-copied]")?.dataset ?? {};
const openForm = () => document.querySelector("[data-place] form[id=record]");
const ofPlace = (form) => form?.closest("[data-place]");
const typed = (form) => new URLSearchParams(new FormData(form)).toString();

function say(text) {
  const spoken = document.getElementById("spoken");
  if (!spoken || !text) return;
  spoken.textContent = "";
  setTimeout(() => (spoken.textContent = text), 50);
}

// ------------------------------------------------------------------------------------------------ copying

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const text = button?.dataset.copy || button?.previousElementSibling.textContent.trim();
  if (!text || !(await copy(text))) return;
  const copied = words().copied;
  say(words().copiedWhat?.replace("{what}", () => text) ?? copied);
  button.classList.add("done");
  button.dataset.said = copied;
  setTimeout(() => button.classList.remove("done"), COPIED_MS);
});

// Browsers give the clipboard only to encrypted pages; elsewhere a selection is copied the old way.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = document.createElement("textarea");
    const before = document.activeElement;
    box.value = text;
    box.className = "away";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    before?.focus();
    return done;
  }
}

// ------------------------------------------------------------------------------------- one thing at a time

// What is sent is answered by the page anew: until then nothing else begins, nothing is sent twice and nothing is
// closed, or the answer would find its place gone. A page that is only being fetched gives way to what is asked next.
let sending = null;
let fetching = null;

const isSending = () => Boolean(sending?.isConnected);

function hold(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

document.addEventListener("submit", (event) => isSending() && event.target.matches("form[data-once]") && hold(event), true);
document.addEventListener("cancel", (event) => isSending() && event.preventDefault(), true);
document.addEventListener("keydown", (event) => isSending() && event.key === "Escape" && hold(event), true);

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  if (isSending()) return event.preventDefault();
  if (fetching?.isConnected && fetching !== elt && elt.closest("#content, dialog")) htmx.trigger(fetching, "htmx:abort");
});

// On window, after all who may still refuse.
addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, requestConfig } = event.detail;
  if (event.defaultPrevented) return;
  if (elt.matches("form[data-once]")) sending = elt;
  if (elt.closest("#content")) fetching = requestConfig.verb === "get" && target?.id === "content" ? elt : null;
});

addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt === sending) sending = null;
});

// --------------------------------------------------------------------------- a form in the place of a record

// A button of a row stands outside the form that it presses: its value goes along.
document.addEventListener("htmx:configRequest", (event) => {
  const pressed = event.detail.triggeringEvent?.submitter;
  if (pressed?.name && pressed.closest(".line")) event.detail.parameters[pressed.name] = pressed.value;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, requestConfig } = event.detail;
  const pressed = requestConfig?.triggeringEvent?.submitter ?? elt;
  const place = target?.closest?.("[data-place]");
  const fact = document.querySelector("form[data-in-place]");
  const replaces = place || target?.id === "content";
  if (fact && replaces && !ofPlace(fact)?.contains(elt) && isDirty(fact)) {
    event.preventDefault();
    field(fact)?.focus();
    return say(words().unsavedFact);
  }
  toFocus = pressed.closest("[data-focus-after]")?.dataset.focusAfter ?? "";
  rowToFocus = elt.dataset.moreOf ?? "";
  shownBefore = rowToFocus ? document.querySelectorAll(`#${rowToFocus} > .line`).length : 0;
  if (!place || elt === openForm()) return;
  // A form that is open there is no record to come back to.
  const before = place.querySelector("form[id=record]") ? places.get(place) : null;
  if (before && elt.id && before.opener === elt.id) return event.preventDefault();
  places.set(place, { html: before?.html ?? place.innerHTML, opener: elt.id });
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const place = event.detail.target?.closest?.("[data-place]");
  const open = openForm();
  if (place && open && ofPlace(open) !== place && event.detail.shouldSwap) close(ofPlace(open), false);
});

document.addEventListener("htmx:load", (event) => {
  const swapped = event.detail.elt;
  const form = swapped.matches?.("form[id=record]") ? swapped : null;
  const place = ofPlace(form);
  if (!place) return;
  form.closest("details[open]")?.removeAttribute("open");
  form.atFirst = typed(form);
  if (form.matches("[data-in-place]")) begin(field(form));
  form.scrollIntoView({ block: "nearest" });
});

// A refused form keeps the focus that htmx has kept, and what has been typed on in the meantime.
function begin(wanted) {
  if (!wanted || wanted === document.activeElement) return;
  wanted.focus();
  if (wanted.matches("input")) wanted.select();
}

function field(form) {
  const fields = "input:not([type=hidden], .away), select, textarea";
  return form.querySelector("[aria-invalid=true]") ?? form.querySelector(fields);
}

function isDirty(form) {
  return form.hasAttribute("data-dirty") || (form.atFirst !== undefined && typed(form) !== form.atFirst);
}

// What stood there before comes back, without asking for it.
function close(place, focus = true) {
  const before = places.get(place);
  if (!before) return;
  places.delete(place);
  place.innerHTML = before.html;
  for (const busy of place.querySelectorAll(".htmx-request")) busy.classList.remove("htmx-request");
  htmx.process(place);
  const others = place.dataset.focusAfter ?? "";
  if (focus) [before.opener, ...others.split(" ")].map((id) => id && document.getElementById(id)).find(Boolean)?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const place = ofPlace(event.target.closest?.("form[data-in-place]"));
  if (!place || !places.has(place)) return;
  event.preventDefault();
  place.querySelector("[data-close-fact]").click();
});

// "Annuler" brings back what stood there. Once somebody else has saved, that is old: the link itself fetches the card.
document.addEventListener("click", (event) => {
  const leave = event.target.closest("[data-close], [data-close-fact], [data-cancel]");
  if (isSending() && (leave || event.target.id === "dialog")) return hold(event);
  const place = leave?.matches("[data-place] form *") ? ofPlace(leave) : null;
  if (!places.has(place) || (leave.hasAttribute("hx-get") && place.querySelector(".notice.warn"))) return;
  hold(event);
  close(place);
}, true);

// The session is over: sent as a page, the form is answered by a log-in that carries along what was typed.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401 || !event.target.matches("form[data-in-place]")) return;
  event.preventDefault();
  event.target.dataset.sent = "1";
  HTMLFormElement.prototype.submit.call(event.target);
});

addEventListener("beforeunload", (event) => {
  const fact = document.querySelector("form[data-in-place]");
  if (fact && !fact.dataset.sent && isDirty(fact)) event.preventDefault();
});

// ------------------------------------------------------------------------------------ where the focus stands

document.addEventListener("htmx:afterSettle", (event) => {
  const isLost = !document.activeElement || document.activeElement === document.body || document.activeElement.id === "content";
  if (!isLost || openForm()) return;
  const wanted = toFocus.split(" ").map((id) => document.getElementById(id)).find(Boolean);
  const arrived = event.detail.target?.id === "content" ? document.getElementById("content") : null;
  (newRow()?.querySelector("a") ?? wanted ?? arrived)?.focus({ preventScroll: !rowToFocus });
  rowToFocus = null;
});

// The first of the rows that "Afficher les n autres" has brought.
function newRow() {
  return rowToFocus ? document.querySelectorAll(`#${rowToFocus} > .line`)[shownBefore] : null;
}
