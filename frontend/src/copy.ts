// A button with `data-copy` copies what stands in the field of that id. It is hidden until it is clear that this
// browser can do it here: the clipboard belongs to https and localhost.

const show = (): void => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-copy]") : null;
  const field = button && document.getElementById(button.dataset["copy"] ?? "");
  if (!button || !(field instanceof HTMLInputElement)) return;
  field.select();
  await navigator.clipboard.writeText(field.value);
  button.textContent = button.dataset["copied"] ?? "";
});
document.addEventListener("htmx:afterSettle", show);
show();
