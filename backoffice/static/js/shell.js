// The frame of every page: the menu behind its button, the search box by keyboard, small panels, plain GET forms.
// No module here imports another: each is loaded by its own address, which changes with its content.

const button = document.querySelector("[data-menu]");
const menu = document.getElementById("menu");

function openMenu(open) {
  menu.classList.toggle("open", open);
  button.setAttribute("aria-expanded", String(open));
  (open ? (menu.querySelector("a[aria-current]") ?? menu.querySelector("a")) : button).focus();
}

function menuIsOpen() {
  return button?.getAttribute("aria-expanded") === "true";
}

button?.addEventListener("click", () => openMenu(!menuIsOpen()));

document.addEventListener("click", (event) => {
  if (menuIsOpen() && !event.target.closest("#menu, [data-menu]")) openMenu(false);
  for (const panel of document.querySelectorAll("details[data-popover][open]")) {
    if (!panel.contains(event.target)) panel.open = false;
  }
});

document.addEventListener("focusin", (event) => {
  if (menuIsOpen() && !event.target.closest("#menu, [data-menu]")) {
    menu.classList.remove("open");
    button.setAttribute("aria-expanded", "false");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) {
    if (menuIsOpen()) return openMenu(false);
    const panel = document.activeElement?.closest("details[data-popover][open]");
    if (panel) {
      panel.open = false;
      panel.querySelector("summary").focus();
    }
  }
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
});

// Addresses stay short: what was left blank is not sent.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-trim]")) return;
  for (const [name, value] of [...event.formData]) {
    if (value === "" || (name === "desc" && value === "0")) event.formData.delete(name);
  }
});
