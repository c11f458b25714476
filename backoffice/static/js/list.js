// Lists: chips that open in place, rows by keyboard, the selection and its bar. Without it all of them are plain forms.

const TICKS = "table.list th input[name=id]";

// ------------------------------------------------------------------------------------------------ chips

// The names of countries are many: they come when a field that proposes them is first used.
document.addEventListener("focusin", async (event) => {
  const address = event.target.dataset?.countries;
  if (!address || document.getElementById("countries")) return;
  delete event.target.dataset.countries;
  const answer = await fetch(address);
  if (answer.ok) document.body.insertAdjacentHTML("beforeend", await answer.text());
});

// An opened chip stays on the screen and is ready to be filled in. It opens here rather than by itself: the browser
// tells of that some time later, and what is typed meanwhile would be lost.
document.addEventListener("click", (event) => {
  const chip = event.target.closest?.(".bar details.drop > summary")?.parentElement;
  if (!chip || event.defaultPrevented) return;
  event.preventDefault();
  chip.open = !chip.open;
  if (chip.open) begin(chip);
});

function begin(chip) {
  const panel = chip.querySelector(".popover");
  chip.classList.remove("flip");
  if (panel.getBoundingClientRect().right > document.documentElement.clientWidth - 8) chip.classList.add("flip");
  const first = panel.querySelector("[aria-current], input:not([type=hidden], [disabled]), select, a, button");
  if (matchMedia("(pointer: fine)").matches) first?.focus();
}

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.(".options-list a");
  if (!link || !step(event.key)) return;
  event.preventDefault();
  near([...link.closest("ul").querySelectorAll("a")], link, event.key)?.focus();
});

// ------------------------------------------------------------------------------------- rows by keyboard

function step(key) {
  return { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[key];
}

function near(all, one, key) {
  const at = all.indexOf(one) + step(key);
  return all[Math.max(0, Math.min(all.length - 1, at))];
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("table.list tbody tr");
  if (!row || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const on = ["th a", "th input", "td:last-child button, td:last-child a"].find((part) => event.target.matches(part));
  if (!on) return;
  if (step(event.key)) {
    event.preventDefault();
    near([...row.parentElement.children], row, event.key)?.querySelector(on)?.focus();
  } else if (on === "th input" && event.key === "Enter") {
    event.preventDefault(); // else Enter would press the first button of the form
  } else if (on === "th a" && (event.key === " " || (event.key.toLowerCase() === "x" && document.body.dataset.shortcuts === "on"))) {
    const box = row.querySelector("th input");
    if (!box) return;
    event.preventDefault();
    tick(box, !box.checked, event.shiftKey);
  }
});

// -------------------------------------------------------------------------------------------- selection

let last = null;

function tick(box, on, asRange) {
  const boxes = [...document.querySelectorAll(TICKS)];
  const from = asRange && last?.isConnected ? boxes.indexOf(last) : boxes.indexOf(box);
  const to = boxes.indexOf(box);
  boxes.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => { one.checked = on; });
  last = box;
  showSelection();
}

function showSelection() {
  const bar = document.querySelector("[data-selection]");
  if (!bar) return;
  const boxes = [...document.querySelectorAll(TICKS)];
  const ticked = boxes.filter((box) => box.checked).length;
  const all = document.querySelector("[data-tick-all]");
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
  bar.classList.toggle("open", ticked > 0);
  const words = bar.querySelector("output");
  words.textContent = ticked === 1 ? words.dataset.one : words.dataset.many.replace("{n}", ticked);
}

document.addEventListener("click", (event) => {
  if (event.target.matches?.(TICKS)) tick(event.target, event.target.checked, event.shiftKey);
  if (event.target.closest?.("[data-untick]")) {
    document.querySelectorAll(TICKS).forEach((box) => { box.checked = false; });
    showSelection();
    (last?.isConnected ? last : document.querySelector("[data-tick-all]"))?.focus();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-tick-all]")) {
    document.querySelectorAll(TICKS).forEach((box) => { box.checked = event.target.checked; });
    showSelection();
  }
});

// A browser that comes back to a page may have kept its ticks.
window.addEventListener("pageshow", showSelection);

// --------------------------------------------------------------------------- parts that come and go

// A button of a row stands outside the form that it presses: its value goes along.
document.addEventListener("htmx:configRequest", (event) => {
  const pressed = event.detail.triggeringEvent?.submitter;
  if (pressed?.name && pressed.closest("table.list")) event.detail.parameters[pressed.name] = pressed.value;
});

// After a switch one stands where one stood: on the same row, or on the one that took its place.
let place = null;

document.addEventListener("submit", (event) => {
  const row = event.submitter?.closest?.("table.list tbody tr");
  if (row) place = { href: row.querySelector("th a")?.href, at: [...row.parentElement.children].indexOf(row) };
}, true);

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "content" || !document.querySelector(".listing")) return;
  measure();
  showSelection();
  const head = document.querySelector("main > .head").getBoundingClientRect().bottom;
  for (const notice of document.querySelectorAll("main > .notice")) {
    if (notice.getBoundingClientRect().bottom < head) notice.classList.add("afloat");
  }
  stand();
});

function stand() {
  if (document.activeElement !== document.body) return;
  const rows = document.querySelectorAll("table.list tbody tr");
  const same = place && [...rows].find((row) => row.querySelector("th a")?.href === place.href);
  const row = same ?? (place && rows[Math.min(place.at, rows.length - 1)]);
  (row?.querySelector("th a") ?? document.getElementById("content")).focus({ preventScroll: true });
  place = null;
}

// "Désactiver" of which company? Said by the script, so that a hundred rows stay light.
function describe(root) {
  for (const button of root.querySelectorAll("table.acting td button[form]")) {
    const name = button.closest("tr").querySelector("th a");
    if (!name) continue;
    name.id ||= `row-${button.value}`;
    button.setAttribute("aria-describedby", name.id);
  }
}

document.addEventListener("htmx:load", (event) => describe(event.target));

// The titles of the columns stay under the head of the page, however high that is.
function measure() {
  const head = document.querySelector("main > .head");
  if (!head || !document.querySelector(".listing")) return;
  const top = parseFloat(getComputedStyle(head).top) || 0;
  document.documentElement.style.setProperty("--list-top", `${Math.floor(top + head.offsetHeight) - 1}px`);
}

window.addEventListener("resize", measure);
measure();
showSelection();
