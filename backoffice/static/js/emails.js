// A message dropped anywhere on the tab goes to the field that takes it: beside it, the browser would leave for the file.

const field = () => document.querySelector("[data-drop] input[type=file]");
const holdsFiles = (event) => Boolean(field()) && [...(event.dataTransfer?.types ?? [])].includes("Files");
const mark = (isOver) => document.querySelector("[data-drop]")?.classList.toggle("over", isOver);

document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  mark(true);
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) mark(false);
});

document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  mark(false);
  const file = new DataTransfer();
  file.items.add(event.dataTransfer.files[0]);
  field().files = file.files;
  field().dispatchEvent(new Event("change", { bubbles: true }));
});

// A server may hang up on a file that is too large before it says so: such a one is not sent at all.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-drop]");
  const file = event.target.files?.[0];
  if (!form || !file || file.size <= Number(form.dataset.most)) return;
  event.stopPropagation();
  event.target.value = "";
  sayTooLarge(form, event.target);
}, true);

function sayTooLarge(form, input) {
  const said = form.querySelector(".error") ?? document.createElement("div");
  said.className = "error";
  said.id = "email-file-error";
  said.setAttribute("role", "alert");
  said.replaceChildren(Object.assign(document.createElement("p"), { textContent: form.dataset.tooLarge }));
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", "email-file-hint email-file-error");
  form.querySelector(".hint").after(said);
}
