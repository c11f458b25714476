// An open form says that it is there, hears who else has the same one open, and says when it is left.

const EVERY_MS = 25_000;
const SOON_MS = 3000;
const watched = new Map();

for (const name of ["htmx:load", "htmx:afterSettle"]) document.addEventListener(name, look);
look();

function look() {
  for (const line of watched.keys()) if (!line.isConnected) leave(line);
  for (const line of document.querySelectorAll("[data-presence]")) if (!watched.has(line)) begin(line);
}

function begin(line) {
  const form = line.closest("form");
  watched.set(line, { timer: setInterval(tell, EVERY_MS, line), token: form.elements.csrf_token.value });
  // A form that came back refused was left when it was sent; who is named may just be leaving.
  if (form.hasAttribute("data-dirty")) tell(line);
  else if (line.textContent) setTimeout(tell, SOON_MS, line);
}

function leave(line) {
  clearInterval(watched.get(line).timer);
  send(line, { left: "1" }).catch(() => {});
  watched.delete(line);
}

async function tell(line) {
  if (!watched.has(line)) return;
  if (!line.isConnected) return leave(line);
  try {
    const answer = await send(line, { kind: line.dataset.kind, id: line.dataset.of });
    if (answer.status === 401 || answer.status === 404 || answer.redirected) clearInterval(watched.get(line)?.timer);
    if (!answer.ok || answer.redirected) return;
    const { others } = await answer.json();
    if (line.textContent !== others) line.textContent = others;
  } catch {
    // No network: the next time.
  }
}

function send(line, more) {
  const { presence, token } = line.dataset;
  const body = new URLSearchParams({ token, ...more });
  const headers = { "X-CSRFToken": watched.get(line).token, Accept: "application/json" };
  return fetch(presence, { method: "POST", body, headers, keepalive: true });
}

addEventListener("pagehide", () => [...watched.keys()].forEach(leave));
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  look();
  [...watched.keys()].forEach(tell);
});
