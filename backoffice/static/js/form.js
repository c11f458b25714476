// Forms that change something: sent once, never left by accident, saved by Ctrl+S, and led to what is wrong.

const record = document.querySelector("form[data-record]");

// A second click while the first one is on its way would only be refused by the server.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-once]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  mark(form, true);
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    mark(form, false);
  }
});

function mark(form, sent) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    if (sent) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

if (record) {
  guardAgainstLeaving(record);
  showWhatBoxesOpen(record);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    record.requestSubmit();
  });
  // A link of the summary goes to its field, and into it.
  record.querySelector("#summary")?.addEventListener("click", (event) => {
    const field = document.getElementById(event.target.closest("a[href^='#']")?.hash.slice(1) ?? "");
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
}

document.querySelector("[data-focus]")?.focus();

function guardAgainstLeaving(form) {
  const typed = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  const atFirst = typed();
  window.addEventListener("beforeunload", (event) => {
    if (form.dataset.sent) return;
    if (form.hasAttribute("data-dirty") || typed() !== atFirst) event.preventDefault();
  });
}

// Fields that count only while a box is off are shown only then. The server has set the state of the first page.
function showWhatBoxesOpen(form) {
  form.addEventListener("change", (event) => {
    if (event.target.type !== "checkbox" || !event.target.id) return;
    for (const cell of form.querySelectorAll(`[data-opens-when-off="${CSS.escape(event.target.id)}"]`)) {
      cell.classList.toggle("closed", event.target.checked);
    }
  });
}
