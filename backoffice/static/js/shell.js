// The frame of every page: the menu behind its button, the keys that do something, small panels, messages, and
// the bar that says that something takes long.
// No module here imports another: each is loaded by its own address, which changes with its content.

const button = document.querySelector("[data-menu]");
const menu = document.getElementById("menu");
const spoken = document.getElementById("spoken");
const content = () => document.getElementById("content");

// ------------------------------------------------------------------------------------------- the menu

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
  const panel = document.querySelector(".top details[data-popover][open]");
  if (panel && !panel.contains(event.target)) panel.open = false;
});

// ------------------------------------------------------------------------------------------- the keys

const GOES_TO = { d: "/", c: "/client/", k: "/contact/" };
let afterG = 0;

function goToSearch() {
  const search = document.querySelector("[data-search]");
  search?.focus();
  search?.select();
}

function visible(selector) {
  return [...document.querySelectorAll(selector)].find((found) => found.offsetParent !== null);
}

const SINGLE = {
  "/": goToSearch,
  "?": () => (visible("[data-help]") ?? document.querySelector("[data-help]"))?.click(),
  n: () => document.querySelector("[data-new]")?.click(),
};

function closeWhatIsOpen() {
  if (menuIsOpen()) return openMenu(false);
  const panel = document.activeElement?.closest("details[data-popover][open]");
  if (!panel) return;
  panel.open = false;
  panel.querySelector("summary").focus();
}

function isWriting(element) {
  return element.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
}

// One key alone: never while somebody writes, over an open dialog, or for whoever has switched these keys off.
function pressSingle(event) {
  const held = event.ctrlKey || event.metaKey || event.altKey;
  if (document.body.dataset.shortcuts !== "on" || held || event.isComposing || isWriting(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const isSecond = event.timeStamp - afterG < 1500;
  afterG = event.key === "g" ? event.timeStamp : 0;
  if (isSecond && GOES_TO[event.key]) location.assign(GOES_TO[event.key]);
  else if (Object.hasOwn(SINGLE, event.key)) SINGLE[event.key]();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (event.key === "Escape") return closeWhatIsOpen();
  pressSingle(event);
});

// --------------------------------------------------------------------------- messages, also for the ear

function say(text) {
  if (!spoken || !text) return;
  spoken.textContent = "";
  setTimeout(() => (spoken.textContent = text), 50);
}

function showNotice(text) {
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  notice.dataset.notice = "failed";
  const close = document.createElement("button");
  close.className = "close";
  close.type = "button";
  close.dataset.closeNotice = "";
  close.textContent = "✕";
  close.setAttribute("aria-label", spoken.dataset.close);
  const sentence = document.createElement("div");
  sentence.textContent = text;
  const actions = document.createElement("span");
  actions.className = "do";
  actions.append(close);
  notice.append(sentence, actions);
  for (const old of document.querySelectorAll("[data-notice=failed]")) old.remove();
  const place = document.querySelector("dialog[open]") ?? content();
  place.prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close-notice]");
  if (!close) return;
  close.closest(".notice").remove();
  if (document.activeElement === document.body) content()?.focus({ preventScroll: true });
});

// A part that could not be fetched or sent. Forms of records say it themselves; whoever else does so prevents the
// event's default: listeners on window come last.
function sayWhatFailed(event) {
  if (event.defaultPrevented || !spoken || event.target.matches?.("form[data-record]")) return;
  const { xhr, requestConfig } = event.detail;
  if (xhr?.status === 401) return location.reload();
  const isRead = requestConfig?.verb === "get";
  showNotice(spoken.dataset[`s${xhr?.status}`] ?? (isRead ? spoken.dataset.unread : spoken.dataset.unsaved));
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) window.addEventListener(name, sayWhatFailed);

// --------------------------------------------------------------------- another page within the same frame

// What is pressed while an answer is on its way brings the page anew itself. The answer would take away the button
// that asks, and with it the place where the second one goes.
let lastAct = null;

addEventListener("htmx:beforeRequest", (event) => {
  const { requestConfig, target, xhr } = event.detail;
  if (!event.defaultPrevented && requestConfig.verb !== "get" && target?.id === "content") lastAct = xhr;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const isUnderWay = lastAct && lastAct !== event.detail.xhr && lastAct.readyState % 4;
  if (isUnderWay && event.detail.target?.id === "content") event.detail.shouldSwap = false;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  // A part of a page, or a dialog, leaves the title of the page as it is.
  if (event.detail.target?.id !== "content") event.detail.ignoreTitle = true;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "content" || event.detail.elt?.id === "content") takeAddress(event.detail);
  const notices = document.querySelectorAll("[data-notice]:not([data-said])");
  for (const notice of notices) notice.dataset.said = "";
  say([...notices].map((notice) => notice.firstElementChild?.textContent.trim()).join(" "));
});

// What stands around the page follows the page: the address, the line of the menu, the help of "?".
function takeAddress({ pathInfo, requestConfig }) {
  const arrived = pathInfo?.responsePath;
  const isPage = requestConfig?.verb === "get" || arrived !== pathInfo?.finalRequestPath;
  if (arrived && isPage && arrived !== location.pathname + location.search) {
    const there = new URL(arrived, location.href);
    const isTab = cardOf(there) === shown && tabOf(there) !== tabOf(location);
    const isOther = isTab || there.pathname !== location.pathname;
    history.replaceState({ ...history.state, isOurs: true }, "");
    history[isOther ? "pushState" : "replaceState"]({ isOurs: true }, "", arrived);
  }
  shown = cardOf(location);
  showTab();
  const here = content().dataset.here ?? "";
  for (const link of menu.querySelectorAll("[data-section]")) {
    const isHere = link.dataset.section === content().dataset.under;
    link.classList.toggle("on", isHere);
    isHere ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  }
  for (const link of document.querySelectorAll("[data-help]")) link.href = `/help/?about=${encodeURIComponent(here)}`;
  const address = document.querySelector("[data-address]");
  if (address) address.value = location.pathname + location.search;
}

// Which record the page shows, and which of its tabs.
const cardOf = ({ pathname, search }) => `${pathname} ${new URLSearchParams(search).get("id") ?? ""}`;
const tabOf = ({ search }) => new URLSearchParams(search).get("tab") ?? "";
let shown = cardOf(location);

// Back and forward: another tab of the card that is shown comes into its place, anything else as a page.
addEventListener("popstate", (event) => {
  if (!event.state?.isOurs) return;
  const tabs = document.querySelector("#content nav.tabs");
  if (!tabs || cardOf(location) !== shown || document.querySelector("form[id=record]")) return location.reload();
  const page = { source: tabs, target: "#content", select: "#content", swap: "outerHTML show:none" };
  htmx.ajax("GET", location.pathname + location.search, page);
});

// On a narrow screen the open tab may stand beyond the edge.
function showTab() {
  const tab = document.querySelector("nav.tabs .on");
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
}

showTab();

function helpOf(tab, address) {
  const url = new URL(address, location);
  url.searchParams.set("tab", tab);
  return url.pathname + url.search;
}

// A link that many rows have says once where it leads.
document.addEventListener("htmx:configRequest", (event) => {
  const link = event.detail.elt;
  if (link.matches("[data-help], a[hx-get='']")) event.detail.path = link.getAttribute("href");
  // The bar at the top stays while one goes from tab to tab.
  if (link.matches("[data-help]")) event.detail.path = helpOf(tabOf(location), event.detail.path);
});

// ------------------------------------------------------------------------------- what takes long is said

const progress = document.getElementById("progress");
const A_SECOND = 1000;
const AT_MOST = 60_000;
let waiting = 0;
let timer = 0;

function begin() {
  waiting += 1;
  clearTimeout(timer);
  timer = setTimeout(() => {
    progress.hidden = false;
    say(spoken.dataset.loading);
    timer = setTimeout(end, AT_MOST, true);
  }, progress.hidden ? A_SECOND : 0);
}

function end(all = false) {
  waiting = all ? 0 : Math.max(0, waiting - 1);
  if (waiting) return;
  clearTimeout(timer);
  if (progress) progress.hidden = true;
}

if (progress) {
  addEventListener("htmx:beforeRequest", (event) => event.defaultPrevented || begin()); // after all who may refuse
  document.addEventListener("htmx:afterRequest", () => end());
  // Whoever is asked first ("leave this form?") may stay.
  addEventListener("beforeunload", (event) => event.defaultPrevented && end(true));
  addEventListener("submit", (event) => event.defaultPrevented || event.target.method === "dialog" || begin());
  addEventListener("click", (event) => leads(event) && begin());
  addEventListener("pageshow", () => end(true));
}

function leads(event) {
  const link = event.target.closest?.("a[href]");
  const isOther = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || event.defaultPrevented || isOther || link.target || link.hasAttribute("download")) return false;
  return link.origin === location.origin && link.pathname + link.search !== location.pathname + location.search;
}

// Addresses stay short: what was left blank is not sent.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-trim]")) return;
  for (const [name, value] of [...event.formData]) {
    if (value === "" || (name === "desc" && value === "0")) event.formData.delete(name);
  }
});
