// A form whose client is chosen: what belongs to a client (contacts, events) is offered of the one that is chosen.

const BELONGINGS = ["contact", "event"];
let asked = 0;

document.addEventListener("change", async (event) => {
  const form = event.target.form;
  if (event.target.name !== "client" || !form?.dataset.ofClient) return;
  const turn = ++asked;
  const found = event.target.value ? await belongings(form.dataset.ofClient, event.target.value) : {};
  if (turn !== asked || !found || !form.isConnected) return;
  for (const name of BELONGINGS) {
    const field = form.elements[name];
    if (field?.options) offer(field, found[name] ?? []);
  }
});

// By name and not by id: beside a feed the ids of the form are others.
function offer(select, choices) {
  select.replaceChildren(select.options[0], ...choices.map(([id, name]) => new Option(name, id)));
  select.value = "";
  const place = select.closest("[data-unasked]");
  if (place) place.hidden = !choices.length;
}

// Nothing when they can't be read: what was offered stays, and the server says what does not fit.
async function belongings(address, client) {
  try {
    const url = new URL(address, location.href);
    url.searchParams.set("client", client);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
