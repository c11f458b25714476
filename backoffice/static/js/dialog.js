// Questions and help in a dialog over the page. Without it their links lead to a page that says the same.
// A link says where with hx-get, and hx-target="#dialog"; what is shown is the page's [data-dialog-part].

const dialog = document.getElementById("dialog");
let opener = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === dialog) opener = event.detail.elt;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== dialog) return;
  if (!dialog.childElementCount) return;
  dialog.setAttribute("aria-labelledby", dialog.querySelector("[id]")?.id ?? "");
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[autofocus], button:not([data-close]), a[href]") ?? dialog).focus();
});

// Pressed inside the dialog: "Annuler" and the cross close it, a form that acts closes it once it has acted.
document.addEventListener("click", (event) => {
  if (!dialog?.open) return;
  if (event.target === dialog || event.target.closest("#dialog [data-close]")) {
    event.preventDefault();
    dialog.close();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "content" && dialog?.open) dialog.close();
});

dialog?.addEventListener("close", () => {
  dialog.replaceChildren();
  if (opener?.isConnected) opener.focus();
  opener = null;
});
