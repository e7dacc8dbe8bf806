/* The generator of the embed code: every change of the form shows at once in preview, code and links. The answer is the same page
   the form would get without script; its parts are put in place, so that there is one place that makes addresses. */

const WAIT = 350;
const form = document.getElementById("generator");
let timer = 0, asking = null;

/** The form as an address, empty parts left out. */
function address() {
  const filled = [...new FormData(form)].filter(([, value]) => value), next = new URL(form.action);
  const around = filled.some(([name]) => name === "place" || name === "near");
  for (const [name, value] of filled) if (name !== "radius" || around) next.searchParams.append(name, value);
  return next;
}

async function update() {
  const next = address();
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(next, { signal: asking.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.getElementById("generator")) return location.assign(next);
    history.replaceState(null, "", next);
    replace(page);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(next);
  }
}

/** Preview, code, count and links; the form itself is left to whoever is using it. */
function replace(page) {
  const frame = document.querySelector("iframe.vorschau"), other = page.querySelector("iframe.vorschau");
  if (frame && other) {
    frame.className = other.className;
    if (frame.getAttribute("src") !== other.getAttribute("src")) frame.src = other.getAttribute("src");
  }
  const code = document.getElementById("e-code"), text = page.getElementById("e-code");
  if (code && text) code.value = text.value;
  const both = (selector) => [document.querySelectorAll(selector), page.querySelectorAll(selector)];
  const [links, theirs] = both("main dl.facts a");
  links.forEach((link, index) => { if (theirs[index]) link.href = theirs[index].getAttribute("href"); });
  const [counts, others] = both("main .rubrik [role=status]");
  counts.forEach((count, index) => { if (others[index]) count.textContent = others[index].textContent; });
}

if (form) {
  const later = () => { clearTimeout(timer); timer = setTimeout(update, WAIT); };
  form.addEventListener("input", later);
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); update(); });
}
