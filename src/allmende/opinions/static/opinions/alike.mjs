// While somebody writes a statement, those that say nearly the same appear below. Without JavaScript they are shown when it is sent.
const WAIT = 400;
const SHORTEST = 10;

const field = document.querySelector("[data-alike]");
const shown = document.querySelector("[data-alike-shown]");
let timer = 0;
let asked = "";

async function ask() {
  const text = field.value.trim();
  if (text === asked) return;
  asked = text;
  if (text.length < SHORTEST) {
    shown.replaceChildren();
    return;
  }
  const address = new URL(shown.dataset.alikeShown, location.href);
  address.searchParams.set("text", text);
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok || text !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    shown.replaceChildren(...page.body.childNodes);
  } catch {
    shown.replaceChildren();
  }
}

if (field && shown) {
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
}
