// Keys for working through the list: j and k go from row to row; on a pair every [data-key] is one key away.
// One-letter keys disturb some people (WCAG 2.1.4), so they can be switched off; the choice stays in this browser.

const OFF = "allmende-keys-off";
const hint = document.querySelector(".keyhint");
const button = document.querySelector("[data-keys-switch]");
const rows = [...document.querySelectorAll("[data-row]")];

const isOff = () => localStorage.getItem(OFF) === "1";
const isTyping = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]") !== null;

function show() {
  for (const word of hint.querySelectorAll("kbd")) word.toggleAttribute("data-off", isOff());
  button.setAttribute("aria-pressed", String(isOff()));
}

function step(by) {
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  next?.focus();
}

function press(key) {
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!found) return false;
  if (found.hash) {
    document.getElementById("vereinen")?.scrollIntoView({ block: "center" });
    document.getElementById("vereinen")?.focus();
  } else if (key === "b") {
    found.focus(); // there are two of them: one looks, then presses Enter
  } else {
    found.click();
  }
  return true;
}

if (hint && button) {
  hint.hidden = false;
  show();
  button.addEventListener("click", () => {
    localStorage.setItem(OFF, isOff() ? "0" : "1");
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (isOff() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat || isTyping(event.target)) return;
    if (rows.length && event.key === "j") step(1);
    else if (rows.length && event.key === "k") step(-1);
    else if (!press(event.key)) return;
    event.preventDefault();
  });
}
