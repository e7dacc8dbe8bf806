/* List, filters and map of one page, kept in step. The address says everything: filters as the form names them, `page`,
   `map=zoom/lat/lon`, `select=slug`, `view`. Choosing adds a step to the history, moving the map only changes the present one.
   Every new list is fetched as the same page a browser without script would get, and its parts are put in place. */

import "./map.mjs";
import "./suggest.mjs";

const OWN = ["map", "select", "view"]; // what does not change the list
const WHERE = ["q", "place", "near", "radius"]; // who asks this wants to see it
const WAIT = 150;
const explorer = document.getElementById("explorer");
const map = document.getElementById("karte");
const form = document.getElementById("filter");
const part = (id) => document.getElementById(id);
const rows = () => [...explorer.querySelectorAll(".org[data-slug]")];
const narrow = matchMedia("(max-width: 61.99rem)");
let asking = null, timer = 0;

const address = () => new URL(location.href);

/** What of an address decides about the list. */
function listOf(url) {
  const params = new URLSearchParams(url.search);
  OWN.forEach((name) => params.delete(name));
  params.sort();
  return params.toString();
}
let shown = listOf(address());

/** The address with changes; an empty value takes a parameter away. Commas, slashes and colons stay readable. */
function changed(url, changes) {
  const next = new URL(url);
  for (const [name, value] of Object.entries(changes)) value ? next.searchParams.set(name, value) : next.searchParams.delete(name);
  next.search = next.searchParams.toString().replace(/%2C/g, ",").replace(/%2F/g, "/").replace(/%3A/g, ":");
  return next;
}

/* ---- the list ---- */

/** Goes to another list: history, fetch, new parts. `follow` lets the map go along when nothing found is in view, "there" always. */
async function go(url, { push = true, follow = true, focus = false } = {}) {
  if (push) history.pushState(null, "", url);
  asking?.abort();
  asking = new AbortController();
  part("ergebnis").ariaBusy = "true";
  try {
    const answer = await fetch(url, { signal: asking.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.getElementById("ergebnis")) return refuse(page);
    shown = listOf(new URL(url, location));
    replace(page, focus, follow);
  } catch (error) {
    if (error.name === "AbortError") return;
    refuse(null);
  }
}

/** Says in the words of the answer why there is no new list; the old one stays. */
function refuse(page) {
  const said = (page?.querySelector("main .lead") ?? page?.querySelector("main p"))?.textContent.trim();
  part("ergebnis").ariaBusy = "false";
  complain(said || word("failed"));
}

const word = (key) => map?.word?.(key) ?? "";

function complain(text) {
  forgive();
  if (!text) return;
  const line = Object.assign(document.createElement("p"), { id: "stoerung", className: "msg stop", role: "alert", textContent: text });
  part("ergebnis")?.before(line);
}

const forgive = () => part("stoerung")?.remove();

function replace(page, focus, follow) {
  forgive();
  const old = part("ergebnis"), had = old.contains(document.activeElement);
  const fresh = document.importNode(page.getElementById("ergebnis"), true);
  old.replaceWith(fresh);
  const count = page.getElementById("anzahl");
  if (count && part("anzahl").innerHTML !== count.innerHTML) part("anzahl").replaceChildren(...document.importNode(count, true).childNodes);
  document.title = page.title;
  if (form) copyForm(page.getElementById("filter"));
  carry(page);
  if (had || focus) { fresh.tabIndex = -1; fresh.focus({ preventScroll: true }); }
  if (focus) scrollUp();
  if (!map) return;
  mark(map.selected);
  const asked = page.getElementById("karte")?.dataset;
  if (asked) map.ask?.(asked);
  const box = fresh.dataset.extent;
  if (follow && box && !address().searchParams.get("map") && (follow === "there" || !map.sees?.(box))) map.show?.(box);
}

function scrollUp() {
  part("liste").scrollTop = 0;
  if (narrow.matches) part("liste").scrollIntoView({ block: "start" });
}

/** Numbers behind the options, and what a link or a step back has changed; what somebody is typing in stays as it is. */
function copyForm(source) {
  for (const control of [...(source?.elements ?? [])].filter((one) => one.name)) {
    const mine = [...form.elements].find((one) => one.name === control.name);
    if (!mine) { if (control.type === "hidden") form.append(document.importNode(control)); continue; }
    if (control.tagName === "SELECT") mine.replaceChildren(...[...control.options].map((option) => document.importNode(option, true)));
    if (mine === document.activeElement && mine.tagName === "INPUT" && mine.type !== "checkbox") continue;
    if (mine.type === "checkbox") Object.assign(mine, { checked: control.checked, value: control.value || mine.value });
    else mine.value = control.value;
  }
  const kept = new Set([...(source?.elements ?? [])].map((one) => one.name));
  for (const mine of [...form.elements]) if (mine.type === "hidden" && !kept.has(mine.name)) mine.remove();
}

/** Links that take the filters along: figures, feed, files, the other language. */
function carry(page) {
  const links = (root) => root.querySelectorAll("a[data-takes-query], .util a[hreflang]");
  const theirs = links(page);
  links(document).forEach((link, index) => { if (theirs[index]) link.href = theirs[index].getAttribute("href"); });
}

/* ---- the form ---- */

/** The address the form stands for, with where the map is; a new question starts at the first page. */
function formAddress() {
  const next = new URL(form.action), now = address().searchParams;
  const filled = [...new FormData(form)].filter(([, value]) => value);
  const has = (name) => filled.some(([key]) => key === name);
  for (const [name, value] of filled) if (name !== "radius" || has("place") || has("near")) next.searchParams.append(name, value);
  return changed(next, { view: now.get("view"), map: has("bbox") ? now.get("map") : "" });
}

function submit() {
  clearTimeout(timer);
  const next = formAddress(), before = new URLSearchParams(shown);
  if (listOf(next) === shown) return;
  map?.close?.({ silent: true });
  go(next, { follow: WHERE.some((name) => next.searchParams.get(name) !== before.get(name)) ? "there" : true });
}

form?.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
form?.addEventListener("change", ({ target }) => {
  if (target.name === "place") hidden("near", "");
  if (target.name === "bbox") target.value = target.checked && map?.map ? boxText() : target.value;
  if (target.tagName !== "SELECT" && target.type !== "checkbox") return;
  clearTimeout(timer);
  timer = setTimeout(submit, WAIT);
});
form?.addEventListener("suggested", (event) => {
  event.preventDefault();
  form.elements.q.value = "";
  for (const [name, value] of new URLSearchParams(event.detail.query)) if (form.elements[name]) form.elements[name].value = value;
  if (new URLSearchParams(event.detail.query).has("place")) hidden("near", "");
  submit();
});

/** A hidden field of the form: set, or taken away when empty. */
function hidden(name, value) {
  let field = [...form.elements].find((one) => one.name === name && one.type === "hidden");
  if (!value) return field?.remove();
  if (!field) form.append(field = Object.assign(document.createElement("input"), { type: "hidden", name }));
  field.value = value;
  return field;
}

/* ---- near me: only on request, rounded to about a kilometre, never stored ---- */

const nearby = part("nah");
if (nearby && form && navigator.geolocation && window.isSecureContext) {
  nearby.hidden = false;
  nearby.addEventListener("click", () => {
    if (part("nah-hinweis")) part("nah-hinweis").hidden = false;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.place.value = "";
      hidden("near", `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`);
      submit();
    }, () => complain(word("near-me-denied")), { maximumAge: 600_000, timeout: 15_000 });
  });
}

/* ---- links of the list ---- */

explorer.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const kind = ["view", "select", "page", "filter"].find((name) => name in link.dataset);
  if (!kind || (kind === "select" && (!map || map.dataset.failed))) return;
  event.preventDefault();
  ({ view: () => see(link.dataset.view, true), select: () => choose(link), page: () => turn(link), filter: () => turn(link) })[kind]();
});

/** A page number or a filter taken away: the map stays where it is, and so does the view. */
function turn(link) {
  const now = address().searchParams, next = changed(new URL(link.href), { view: now.get("view"), map: "page" in link.dataset ? now.get("map") : "" });
  go(next, { focus: "page" in link.dataset, follow: !("page" in link.dataset) });
}

function choose(link) {
  const row = link.closest(".org"), slug = link.dataset.select || row?.dataset.slug;
  if (narrow.matches) see("karte", false);
  const [first] = points(row);
  map.select(slug, { at: first && [first[1], first[0]], by: link, move: true });
}

const points = (row) => JSON.parse(row?.dataset.points || "[]");

/* ---- list or map on phones ---- */

/** Which of the two stands in an address; the page shows the list first, the frame the map. */
const usual = form ? "liste" : "karte";
const asParameter = (view) => (view === usual ? "" : { karte: "map", liste: "list" }[view]);
const viewOf = (url) => ({ map: "karte", list: "liste" })[url.searchParams.get("view")] ?? usual;

function see(view, push) {
  explorer.dataset.view = view;
  for (const link of explorer.querySelectorAll("a[data-view]")) link.ariaCurrent = link.dataset.view === view ? "true" : null;
  const next = changed(address(), { view: asParameter(view) });
  if (form) hidden("view", next.searchParams.get("view"));
  if (push) history.pushState(null, "", next);
}

/* ---- the map speaks ---- */

const boxText = () => map.box().map((side) => side.toFixed(5)).join(",");

map?.addEventListener("moved", ({ detail: { zoom, lat, lon } }) => {
  const where = `${+zoom.toFixed(2)}/${lat.toFixed(4)}/${lon.toFixed(4)}`;
  history.replaceState(history.state, "", changed(address(), { map: where }));
  const inView = form?.elements.bbox;
  if (!inView?.checked) return;
  inView.value = boxText();
  const next = changed(formAddress(), { map: where, select: map.selected });
  history.replaceState(history.state, "", next);
  go(next, { push: false, follow: false });
});

map?.addEventListener("ready", () => { if (part("ausschnitt")) part("ausschnitt").hidden = false; });
if (form?.elements.bbox?.checked) part("ausschnitt").hidden = false;

map?.addEventListener("selected", ({ detail: { slug } }) => {
  const next = changed(address(), { select: slug, ...(narrow.matches && { view: asParameter(explorer.dataset.view) }) });
  if (next.href !== location.href) history.pushState(null, "", next);
  mark(slug);
});
map?.addEventListener("trouble", ({ detail }) => complain(detail || word("failed")));

/** The row of the selected entry, made visible in the list. */
function mark(slug) {
  for (const row of rows()) {
    const is = Boolean(slug) && row.dataset.slug === slug;
    row.classList.toggle("sel", is);
    row.ariaCurrent = is ? "true" : null;
    if (is && !narrow.matches) row.scrollIntoView({ block: "nearest" });
  }
}

for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
  explorer.addEventListener(name, ({ target }) => {
    const row = target.closest?.(".org[data-slug]");
    if (row) map?.light?.(on ? row.dataset.slug : "", points(row));
  });
}

/* ---- back and forth ---- */

addEventListener("popstate", async () => {
  const url = address();
  see(viewOf(url), false);
  if (listOf(url) !== shown) await go(url, { push: false });
  if (!map) return;
  if (url.searchParams.get("map")) map.go?.(url.searchParams.get("map"));
  const slug = url.searchParams.get("select") ?? "";
  if (slug === map.selected) return;
  map.close({ silent: true });
  if (slug) map.select(slug);
  mark(slug);
});

mark(address().searchParams.get("select") ?? "");
