// Keys for those who work through many rows: j and k go on and back, Enter opens (as every link does). Tab still does what it always does.
const links = [...document.querySelectorAll("[data-row] a")];
const hint = document.querySelector("[data-keys]");
if (links.length && hint) hint.hidden = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step || !links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  links[next].focus();
  event.preventDefault();
});
