// While a title is typed: ideas that say much the same, below it. Without this script they are shown before publishing.
const form = document.querySelector("[data-similar-from]");
const field = form?.querySelector("[data-similar]");
const place = form?.querySelector("[data-similar-here]");
let asked = 0;
let timer;

async function look() {
  const mine = ++asked;
  const title = field.value.trim();
  if (title.length < 3) return place.replaceChildren();
  try {
    const answer = await fetch(`${form.dataset.similarFrom}?q=${encodeURIComponent(title)}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === asked) place.replaceChildren(...page.body.childNodes);
  } catch {
    // no connection: the step before publishing shows them
  }
}

if (field && place) {
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 400);
  });
}
