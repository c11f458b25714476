// Questions and help in a dialog over the page. Without it their links lead to a page that says the same.
// A link says where with hx-get, and hx-target="#dialog"; what is shown is the page's [data-dialog-part].
// Links and forms with data-in-dialog, inside such a part, change the dialog instead of the page.

const dialog = document.getElementById("dialog");
const PART = { target: "#dialog", select: "[data-dialog-part]", swap: "innerHTML" };
let opener = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === dialog && !dialog.open) opener = event.detail.elt;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== dialog || !dialog.childElementCount) return;
  const title = dialog.querySelector("h1[id], h2[id]") ?? dialog.querySelector("[id]");
  if (title) dialog.setAttribute("aria-labelledby", title.id);
  else dialog.removeAttribute("aria-labelledby");
  if (!dialog.open) dialog.showModal();
  focusFirst();
  const keys = dialog.querySelector("[data-keys]")?.dataset.keys;
  if (keys) document.body.dataset.shortcuts = keys;
});

// What only tells is read from its beginning; what asks begins with the first thing to answer.
function focusFirst() {
  const wanted = dialog.querySelector("[autofocus]")
    ?? dialog.querySelector("form:not(.inline) :is(input:not([type=hidden]), select, textarea, button:not(.away))");
  (wanted ?? dialog).focus({ preventScroll: true });
  dialog.scrollTop = 0;
}

document.addEventListener("click", (event) => {
  if (!dialog?.open) return;
  const link = event.target.closest("#dialog a[data-in-dialog]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    htmx.ajax("GET", link.getAttribute("href"), PART);
  }
  // "Annuler", the cross and the ground beside the dialog close it; a form that acts closes it once it has acted.
  if (event.target === dialog || event.target.closest("#dialog [data-close]")) {
    event.preventDefault();
    dialog.close();
  }
});

dialog?.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-in-dialog]")) return;
  event.preventDefault();
  htmx.ajax("POST", event.target.getAttribute("action"), { ...PART, source: event.target });
});

// At once also empty: else the focus would seem to stand in it still, and nobody would look where it belongs.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "content" || !dialog?.open) return;
  dialog.close();
  dialog.replaceChildren();
});

dialog?.addEventListener("close", () => {
  dialog.replaceChildren();
  if (opener?.isConnected) opener.focus();
  opener = null;
});
