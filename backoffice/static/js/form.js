// Forms that change something: sent once, never left by accident, saved by Ctrl+S, and led to what is wrong.
// Forms that htmx brings into a page are met as they arrive.

const FIELD = "input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea";
const atFirst = new WeakMap();

document.addEventListener("htmx:load", (event) => setUp(event.target));
setUp(document.body);

function setUp(root) {
  const forms = [...root.querySelectorAll("form[data-record]")];
  if (root.matches("form[data-record]")) forms.push(root);
  for (const form of forms.filter((one) => !atFirst.has(one))) {
    atFirst.set(form, typed(form));
    lead(form);
  }
}

// Where one begins: at what is wrong, else in the first field of what was just asked for.
function lead(form) {
  const wrong = form.querySelector("[data-focus]");
  if (wrong) return wrong.focus();
  if (location.hash || !(form.hasAttribute("data-fresh") || form.hasAttribute("hx-post"))) return;
  [...form.querySelectorAll(FIELD)].find((field) => field.offsetParent)?.focus({ preventScroll: !form.hasAttribute("hx-post") });
}

// ------------------------------------------------------------------------------ is anybody there to take it?

// A page that is sent to nobody is gone, and what was typed with it: the server is asked first whether it answers.
const ALIVE = "/health/live";
const LONGEST_MS = 10_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-record]:not([hx-post])")) return;
  if (form.dataset.reaches === "yes") return delete form.dataset.reaches;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.reaches || form.dataset.sent) return;
  form.dataset.reaches = "asked";
  sendOnceReached(form, event.submitter);
}, true);

async function sendOnceReached(form, submitter) {
  try {
    const answer = await fetch(ALIVE, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(LONGEST_MS) });
    if (answer.status >= 502) throw new Error(String(answer.status));
    form.dataset.reaches = "yes";
    form.requestSubmit(submitter);
  } catch {
    sayFailed(form);
  }
  delete form.dataset.reaches; // also where a picker has held the form back
}

// ------------------------------------------------------------------------------------------ sent once

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

// What htmx is about to put in place of a form that was changed, asked for from elsewhere on the page.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target } = event.detail;
  for (const form of target?.querySelectorAll("form[data-record]") ?? []) {
    if (!form.contains(elt) && isChanged(form) && !window.confirm(form.dataset.leave)) return event.preventDefault();
  }
});

for (const [name, sent] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]]) {
  document.addEventListener(name, (event) => {
    if (event.target.matches("form[data-once]") && !event.defaultPrevented) mark(event.target, sent);
  });
}

function mark(form, sent) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    if (sent) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

// ----------------------------------------------------------------------------------- never by accident

// What a person has typed or chosen; the text of a picker (picker.js) tells nothing beside what is chosen.
function typed(form) {
  const counts = ([name, value]) => typeof value === "string" && name !== "_proposed" && !/_(typed|was)$/.test(name);
  return new URLSearchParams([...new FormData(form)].filter(counts)).toString();
}

function isChanged(form) {
  return !form.dataset.sent && (form.hasAttribute("data-dirty") || typed(form) !== atFirst.get(form));
}

window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-record]")].some(isChanged)) event.preventDefault();
});

// ------------------------------------------------------------------------------------------ by keyboard

document.addEventListener("keydown", (event) => {
  const form = document.activeElement?.closest("form[data-record]") ?? document.querySelector("form[data-record]");
  if (!form || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (event.key === "Escape" && form.hasAttribute("hx-post") && form.contains(document.activeElement)) {
    event.preventDefault();
    if (!isChanged(form) || window.confirm(form.dataset.leave)) form.querySelector("[data-cancel]").click();
  }
});

// A link of the summary goes to its field, and into it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

// Fields that count only while a box is off are shown only then. The server has set the state of the first page.
document.addEventListener("change", (event) => {
  if (event.target.type !== "checkbox" || !event.target.id || !event.target.form) return;
  for (const cell of event.target.form.querySelectorAll(`[data-opens-when-off="${CSS.escape(event.target.id)}"]`)) {
    cell.classList.toggle("closed", event.target.checked);
  }
});

// ------------------------------------------------------------------------------- what htmx could not send

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const form = event.target;
    if (!form.matches("form[data-record]")) return;
    if (event.detail.xhr?.status === 401) return sendAsPage(form);
    sayFailed(form, event.detail.xhr?.status);
  });
}

// What another try can mend, and what none can: the frame of the page has the words (base.html).
function sayFailed(form, status) {
  const words = document.getElementById("spoken")?.dataset[`s${status}`] ?? form.dataset.failed;
  form.querySelector("[data-failure]")?.remove();
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  notice.dataset.failure = "";
  notice.append(Object.assign(document.createElement("div"), { textContent: words }));
  form.querySelector(".title, .head").after(notice);
  notice.scrollIntoView({ block: "nearest" });
}

// The session is over: as a page the same answer is the log-in that carries along what was typed.
function sendAsPage(form) {
  form.dataset.sent = "1";
  HTMLFormElement.prototype.submit.call(form);
}

// ----------------------------------------------------------------------------------- lists of choices

// Once one comes back from where a list is kept, its fields offer what is there now.
const left = new Set();

document.addEventListener("click", (event) => {
  const select = event.target.closest("a.keep")?.parentElement.querySelector("select[data-choices]");
  if (select) left.add(select.dataset.choices);
});

window.addEventListener("focus", async () => {
  const addresses = [...left];
  left.clear();
  for (const address of addresses) {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.ok) offer(address, await answer.json());
    } catch {
      left.add(address); // as soon as the network is back
    }
  }
});

function offer(address, choices) {
  const rows = [...document.querySelectorAll("template")].map((template) => template.content);
  for (const place of [document, ...rows]) {
    for (const select of place.querySelectorAll(`select[data-choices="${CSS.escape(address)}"]`)) {
      const chosen = select.value;
      const kept = [...select.options].filter((option) => !option.value || (option.value === chosen && !choices.some(([id]) => String(id) === chosen)));
      select.replaceChildren(...kept, ...choices.map(([id, label]) => new Option(label, id)));
      select.value = chosen;
    }
  }
}
