// The feed of a card: written by keyboard, its next entries brought below, and the focus where it is of use.

const panel = () => document.getElementById("entry-form");
const isFree = () => [null, document.body, document.getElementById("content"), document.getElementById("tab-panel")].includes(document.activeElement);
let shownEntry = null;

// Ctrl+Enter sends what is being written.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  const form = event.target.closest?.("form[data-write]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

// Where one begins when the tab is opened: in the text. Not when something was done elsewhere on the page.
function begin() {
  const form = panel();
  if (!form?.hasAttribute("data-begin") || !isFree() || location.hash || matchMedia("(pointer: coarse)").matches) return;
  field(form)?.focus({ preventScroll: true });
}

function field(form) {
  const fields = "input:not([type=hidden], .away), select, textarea";
  return form.querySelector("[aria-invalid=true]") ?? form.querySelector("[data-look]") ?? form.querySelector(fields);
}

begin();
document.addEventListener("htmx:afterSettle", (event) => {
  const arrived = event.detail.elt;
  if (arrived.id === "entry-form") return field(arrived)?.focus();
  if (arrived.id === "log-email" && isFree()) return field(arrived).focus();
  if (event.detail.target?.id === "content") setTimeout(begin);
});

// "Voir plus": the first of the new entries is where one reads on.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("[data-more]")) shownEntry = [...document.querySelectorAll("#feed-rows > .entry")].at(-1);
});

document.addEventListener("htmx:afterSettle", () => {
  if (!shownEntry) return;
  const next = shownEntry.nextElementSibling;
  shownEntry = null;
  next?.focus({ preventScroll: true });
});

// The entry that a mention has led to.
function showNamed() {
  const named = location.hash.startsWith("#entry-") && document.getElementById(location.hash.slice(1));
  if (named) named.classList.add("arrived");
}

showNamed();
