/* The form of an organisation while somebody types: where the address lies, and whether the entry is here already.
   Without script the same is said by the buttons of the form. */

const WAIT = 350;
const form = document.querySelector("form[data-sheet]");
const english = document.documentElement.lang === "en";
const WORDS = english
  ? { similar: "Similar entries are here already:", none: "If yours is among them, take it over instead of entering it twice." }
  : { similar: "Ähnliche Einträge gibt es schon:", none: "Ist eurer dabei, übernehmt ihn, statt ihn doppelt einzutragen." };

/** Calls `work` once nobody has typed for a moment; a newer call ends the older one's fetch. */
function later(work) {
  let timer = 0, running = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      running?.abort();
      running = new AbortController();
      try { await work(running.signal); } catch (error) { if (error.name !== "AbortError") console.info(error.message); }
    }, WAIT);
  };
}

async function asked(address, params, signal) {
  const answer = await fetch(`${address}?${new URLSearchParams(params)}`, { signal, headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang } });
  return answer.ok ? answer.json() : null;
}

function field(place, name) { return place.querySelector(`[name$="-${name}"]`); }

function watchPlace(place) {
  const told = place.querySelector("[data-found]"), names = ["postcode", "town", "country"];
  const towns = document.getElementById("towns");
  const ask = later(async (signal) => {
    const said = Object.fromEntries(names.map((name) => [name, field(place, name).value.trim()]));
    if (!said.postcode && !said.town) { told.textContent = ""; place.querySelector("[data-map]")?.remove(); return; }
    const body = await asked(form.dataset.placeUrl, said, signal);
    if (!body) return;
    towns.replaceChildren(...body.towns.map((town) => Object.assign(document.createElement("option"), { value: town.name })));
    told.textContent = body.found?.sentence ?? "";
    picture(place, told, body.found?.map ?? "");
  });
  for (const name of names) field(place, name).addEventListener("input", ask);
}

function picture(place, after, address) {
  let image = place.querySelector("[data-map]");
  if (!address) { image?.remove(); return; }
  if (!image) {
    image = Object.assign(document.createElement("img"), { className: "where", width: 560, height: 240, alt: "" });
    image.dataset.map = "";
    after.after(image);
  }
  if (image.getAttribute("src") !== address) image.src = address;
}

/** Under the name: entries that may be the same. The people decide; the form asks once more before it makes an entry. */
function watchName(region) {
  const parts = { name: "[name=name]", website: "[name=website]", town: "[name$='-town']", postcode: "[name$='-postcode']" };
  const ask = later(async (signal) => {
    const said = Object.fromEntries(Object.entries(parts).map(([key, at]) => [key, form.querySelector(at)?.value.trim() ?? ""]));
    const body = said.name.length > 2 ? await asked(region.dataset.check, said, signal) : null;
    show(region, body?.candidates ?? []);
  });
  for (const at of Object.values(parts)) form.querySelector(at)?.addEventListener("input", ask);
}

function show(region, candidates) {
  region.replaceChildren();
  if (!candidates.length) return;
  const box = Object.assign(document.createElement("div"), { className: "slab" }), list = document.createElement("ul");
  list.className = "rows tight";
  list.setAttribute("role", "list");
  for (const one of candidates.slice(0, 5)) {
    const row = document.createElement("li"), link = Object.assign(document.createElement("a"), { href: one.url, textContent: one.name, target: "_blank" });
    const why = Object.assign(document.createElement("p"), { className: "meta", textContent: [one.town, ...(one.reasons ?? [])].filter(Boolean).join(" · ") });
    row.append(link, why);
    list.append(row);
  }
  box.append(Object.assign(document.createElement("b"), { textContent: WORDS.similar }), list, Object.assign(document.createElement("p"), { className: "small", textContent: WORDS.none }));
  region.append(box);
}

if (form) {
  document.getElementById("fehler")?.focus();
  form.querySelectorAll("[data-place]").forEach(watchPlace);
  const region = form.querySelector("[data-alike][data-check]");
  if (region && !form.querySelector("[name=base]")) watchName(region);
}
