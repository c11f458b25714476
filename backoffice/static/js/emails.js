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
