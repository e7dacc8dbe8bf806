/* Copy buttons: button[data-copy="#id"] copies what stands there and says so in its role=status neighbour.
   Said: data-copied="…" of button or neighbour. Where copying is not allowed the text is selected instead. */

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  if (!source) return;
  const text = "value" in source ? source.value : source.textContent;
  try {
    await navigator.clipboard.writeText(text);
    say(button, "copied");
  } catch {
    if ("select" in source) { source.focus(); source.select(); }
    else getSelection().selectAllChildren(source);
    say(button, "failed");
  }
}

function say(button, what) {
  const near = button.dataset.status ? document.querySelector(button.dataset.status) : button.parentElement.querySelector('[role="status"]');
  if (!near) return;
  const text = button.dataset[what] ?? near.dataset[what] ?? "";
  near.textContent = "";
  requestAnimationFrame(() => { near.textContent = text; });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (button) copy(button);
});
for (const button of document.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
