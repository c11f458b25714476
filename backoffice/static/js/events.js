// The form of an event: once its client is chosen, the contacts that can be chosen are those of this client.

let asked = 0;

document.addEventListener("change", async (event) => {
  const form = event.target.form;
  if (event.target.name !== "client" || !form?.dataset.contacts) return;
  const select = form.elements.contact;
  const turn = ++asked;
  const found = event.target.value ? await contactsOf(form.dataset.contacts, event.target.value) : [];
  if (turn !== asked || !found || !select?.isConnected) return;
  select.replaceChildren(new Option("", ""), ...found.map(([id, name]) => new Option(name, id)));
});

// Nothing when they can't be read: what was offered stays, and the server says what does not fit.
async function contactsOf(address, client) {
  try {
    const url = new URL(address, location.href);
    url.searchParams.set("client", client);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
