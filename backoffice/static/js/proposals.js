// The client's form while one types: values that follow from others, likely duplicates, and identifiers judged as
// one leaves them. The form names the addresses that are asked (`data-proposals`, `data-likely`). What a person has
// typed is never written over, and what was proposed can be changed.

const WAIT_MS = 250;
const NAMED = /^((?:\w+-\d+-)|billing_)?(name|website|siren|siret|vat_number|ape_code|account_code|postal_code|country|city|email|(?:direct_|mobile_|switchboard_)?phone)$/;
// From a field to what it is asked about together with others: the fields sent, and those that may be filled in.
const TOPICS = {
  identity: { from: ["siret", "siren", "country"], by: ["siret", "siren"], fills: ["siren", "vat_number"] },
  account: { from: ["name"], by: ["name"], fills: ["account_code"] },
  place: { from: ["postal_code", "country"], by: ["postal_code", "country"], fills: ["city"] },
  activity: { from: ["ape_code"], by: ["ape_code"], fills: [] },
};
const LIKELY = ["name", "siren", "siret", "website", "email"];
const JUDGED = new Set(["website", "siren", "siret", "vat_number", "ape_code", "account_code", "postal_code", "country", "email", "phone", "direct_phone", "mobile_phone", "switchboard_phone"]);

const proposed = new WeakMap(); // field → the value that stands there because it was proposed
const followed = new WeakMap(); // field → the stored value that follows from another stored one
const declined = new WeakSet(); // fields that a person has emptied or filled in
const verdicts = new WeakMap(); // field → what was last said of its value
const waiting = new WeakMap(); // form → what is being asked, by topic
const likelyAsked = new WeakMap();

document.addEventListener("htmx:load", (event) => begin(event.target));
begin(document.body);

document.addEventListener("input", (event) => {
  const about = place(event.target);
  if (!about) return;
  forget(event.target);
  keep(about.form);
  ask(about, WAIT_MS);
  if (LIKELY.includes(about.kind)) askLikely(about.form, 2 * WAIT_MS);
});

document.addEventListener("change", (event) => {
  const about = place(event.target);
  if (!about) return;
  const verdict = verdicts.get(event.target);
  if (verdict?.value === event.target.value) judge(event.target, verdict.problem);
  else ask(about, 0, true);
  if (LIKELY.includes(about.kind)) askLikely(about.form, 0);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reactivate]");
  if (button) reactivate(button);
});

function begin(root) {
  const forms = [...root.querySelectorAll("form[data-proposals]")];
  if (root.matches("form[data-proposals]")) forms.push(root);
  for (const form of forms.filter((one) => !waiting.has(one))) {
    waiting.set(form, new Map());
    const name = form.elements.name;
    const again = form.hasAttribute("data-dirty");
    for (const held of form.elements._proposed.value.split(" ").filter(Boolean)) {
      if (form.elements[held]?.value) proposed.set(form.elements[held], form.elements[held].value);
    }
    if (form.dataset.id && !again) follow(form);
    if (again || (form.hasAttribute("data-fresh") && name?.value)) askLikely(form, 0);
    if (form.elements._proposed.value) explain(form);
    else if (!again && form.hasAttribute("data-fresh") && name?.value) ask(place(name), 0);
  }
}

// A stored SIREN that is the SIRET's own, and a VAT number that is the SIREN's, go where those go.
function follow(form) {
  const { siret, siren, vat_number: vat } = form.elements;
  if (!siren?.value) return;
  if (bare(siret).slice(0, 9) === bare(siren)) followed.set(siren, siren.value);
  if (/^FR\d\d/.test(bare(vat)) && bare(vat).slice(4) === bare(siren)) followed.set(vat, vat.value);
}

function bare(field) {
  return field.value.replace(/\W/g, "").toUpperCase();
}

// Which field of which form this is: { form, field, prefix: the row or block, kind, key: its topic }.
function place(field) {
  const form = field.form;
  const match = form?.hasAttribute("data-proposals") && NAMED.exec(field.name);
  if (!match) return null;
  const [, prefix = "", kind] = match;
  const topic = Object.keys(TOPICS).find((key) => TOPICS[key].by.includes(kind) && (key === "place" || !prefix));
  return { form, field, prefix, kind, topic };
}

function fieldOf(form, prefix, kind) {
  return form.elements[`${prefix}${kind}`] ?? (kind === "country" ? form.elements.country : undefined);
}

// ------------------------------------------------------------------------------------------- proposals

function ask(about, wait, isLeft = false) {
  const { form, field, prefix, kind, topic } = about;
  if (!topic && !(isLeft && JUDGED.has(kind))) return;
  const asked = new URLSearchParams();
  for (const name of new Set([...(topic ? TOPICS[topic].from : ["country"]), kind])) {
    const source = fieldOf(form, prefix, name);
    // From a proposal nothing follows: what it was made of is asked about itself.
    if (source?.value.trim() && (source === field || !proposed.has(source))) asked.set(name, source.value.trim());
  }
  if (kind === "ape_code") asked.set("activity", field.value);
  if (JUDGED.has(kind) && field.value.trim()) asked.set("check", kind);
  later(form, `${prefix}${topic ?? kind}`, wait, async (signal) => {
    const answer = await get(form.dataset.proposals, asked, signal);
    if (!answer) return;
    const found = await answer.json();
    verdicts.set(field, { value: field.value, problem: found.problem });
    if (isLeft || !found.problem) judge(field, isLeft ? found.problem : "");
    if (topic) apply(about, found);
  });
}

function apply({ form, field, prefix, topic }, found) {
  for (const kind of TOPICS[topic].fills) {
    const target = form.elements[`${prefix}${kind}`];
    if (target && target !== field) propose(target, found.values[kind]);
  }
  if (topic === "place") suggestTowns(form.elements[`${prefix}city`], found.towns);
  if (topic === "activity") {
    say(field, found.activity);
    suggest(field, found.activities.map(([code, label]) => [code, `${code} · ${label}`]), !found.activity);
  }
}

function propose(target, value) {
  // What is stored gives way to another value, never to none.
  if (isFollowing(target) && (!value || value.value === target.value)) return;
  const isOurs = isFollowing(target) || (proposed.has(target) && proposed.get(target) === target.value);
  if (!isOurs && (target.value.trim() || declined.has(target))) return;
  if (!value && !isOurs) return;
  target.value = value?.value ?? "";
  // Whoever is already there and about to type writes in place of it, not behind it.
  if (target === document.activeElement) target.select();
  followed.delete(target);
  if (value) proposed.set(target, target.value);
  else proposed.delete(target);
  say(target, value?.note ?? "", Boolean(value));
  judge(target, "");
  keep(target.form);
}

function isFollowing(field) {
  return followed.has(field) && followed.get(field) === field.value;
}

// Typed over: it is the person's own from now on.
function forget(field) {
  declined.add(field);
  followed.delete(field);
  if (field.name.endsWith("ape_code") || !proposed.has(field)) return;
  proposed.delete(field);
  say(field, "");
  keep(field.form);
}

// A refused form comes back with what was proposed: it says so again, and may go on proposing.
function explain(form) {
  const asked = new URLSearchParams();
  for (const name of ["name", "siret", "siren", "postal_code", "country"]) asked.set(name, form.elements[name]?.value ?? "");
  later(form, "again", 0, async (signal) => {
    const answer = await get(form.dataset.proposals, asked, signal);
    const found = answer ? await answer.json() : { values: {} };
    for (const [kind, value] of Object.entries(found.values)) {
      const target = form.elements[kind];
      if (proposed.has(target) && target.value === value.value) say(target, value.note, true);
    }
  });
}

function keep(form) {
  const held = [...form.elements].filter((field) => isFollowing(field) || (proposed.has(field) && proposed.get(field) === field.value));
  form.elements._proposed.value = held.map((field) => field.name).join(" ");
}

function suggestTowns(city, towns) {
  if (!city) return;
  const several = towns.length > 1;
  suggest(city, several ? towns.map((town) => [town, town]) : [], false, true);
  if (!proposed.has(city)) say(city, several && !city.value ? city.form.dataset.towns.replace("{n}", towns.length) : "");
}

function suggest(field, choices, open, narrow = false) {
  field.dispatchEvent(new CustomEvent("suggest", { bubbles: true, detail: { choices, open, narrow } }));
}

// ------------------------------------------------------------------------------------ beside the field

function say(field, words, isOurs = false) {
  const said = document.getElementById(`${field.id}-proposed`);
  if (!said) return;
  if (said.textContent !== words) said.textContent = words;
  describe(field, said.id, Boolean(words));
  field.closest(".f").classList.toggle("ok", isOurs);
}

// The sentence with which saving would refuse this field, said as one leaves it.
function judge(field, problem) {
  const cell = field.closest(".f");
  const id = `${field.id}-error`;
  let error = document.getElementById(id);
  if (!problem) {
    error?.remove();
    cell.classList.remove("wrong");
    field.removeAttribute("aria-invalid");
    return describe(field, id, false);
  }
  if (!error) {
    error = Object.assign(document.createElement("div"), { id, className: "error" });
    error.setAttribute("role", "status");
    cell.append(error);
  }
  error.replaceChildren(Object.assign(document.createElement("p"), { textContent: problem }));
  cell.classList.add("wrong");
  field.setAttribute("aria-invalid", "true");
  describe(field, id, true);
}

function describe(field, id, isThere) {
  const ids = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (isThere) ids.add(id);
  else ids.delete(id);
  if (ids.size) field.setAttribute("aria-describedby", [...ids].join(" "));
  else field.removeAttribute("aria-describedby");
}

// ------------------------------------------------------------------------------------------ duplicates

function likelyAddress(form) {
  const asked = new URLSearchParams();
  for (const name of LIKELY.slice(0, -1)) asked.set(name, form.elements[name]?.value.trim() ?? "");
  for (const field of form.querySelectorAll("[name$=email]")) if (field.value.includes("@")) asked.append("email", field.value.trim());
  if (form.dataset.id) asked.set("id", form.dataset.id);
  return `${form.dataset.likely}?${asked}`;
}

function askLikely(form, wait) {
  const region = form.querySelector("[data-live=likely]");
  if (!region) return;
  later(form, "likely", wait, async (signal) => {
    const address = likelyAddress(form);
    if (likelyAsked.get(form) === address) return;
    likelyAsked.set(form, address);
    const answer = await get(address, null, signal);
    if (answer) show(region, await answer.text());
  });
}

function show(region, html) {
  const part = new DOMParser().parseFromString(html, "text/html").querySelector("[data-likely-part]");
  if (!part) return false;
  if (part.innerHTML.trim() !== region.firstElementChild?.innerHTML.trim()) region.replaceChildren(part);
  return true;
}

// Switched on without leaving the form: the answer is the list of likely duplicates again, with what was done.
async function reactivate(button) {
  const form = button.closest("form");
  const region = button.closest("[data-live]");
  button.setAttribute("aria-disabled", "true");
  try {
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, id: button.dataset.id, url: likelyAddress(form) });
    const answer = await fetch(button.dataset.reactivate, { method: "POST", body });
    if (!answer.ok || !show(region, await answer.text())) throw new Error(String(answer.status));
    form.elements.name.focus();
  } catch {
    button.removeAttribute("aria-disabled");
    const failed = Object.assign(document.createElement("span"), { className: "failed", textContent: button.dataset.failed });
    button.parentElement.querySelector(".failed")?.remove();
    button.after(failed);
  }
}

// ------------------------------------------------------------------------------------------ the asking

// One question at a time about one thing: a newer one takes the place of those that wait or are on their way.
function later(form, topic, wait, run) {
  const topics = waiting.get(form);
  if (!topics) return;
  const before = topics.get(topic);
  clearTimeout(before?.timer);
  before?.asking.abort();
  const asking = new AbortController();
  const timer = setTimeout(() => run(asking.signal).catch(() => undefined), wait);
  topics.set(topic, { timer, asking });
}

// Null for an answer that is none: these are conveniences, and the form goes on without them.
async function get(address, asked, signal) {
  const url = new URL(address, location.href);
  for (const [name, value] of asked ?? []) url.searchParams.set(name, value);
  const answer = await fetch(url, { signal });
  return answer.ok && !answer.redirected ? answer : null;
}
