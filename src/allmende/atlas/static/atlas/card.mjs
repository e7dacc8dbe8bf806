/* What opens on the map: the card of one entry, the list of several at one spot. Built from nodes, never from strings of others. */

function node(name, css, ...children) {
  const made = document.createElement(name);
  if (css) made.className = css;
  made.append(...children.filter(Boolean));
  return made;
}

function link(map, slug, text) {
  const made = node("a", "", text);
  made.href = (map.dataset.entry ?? "/o/{slug}/").replace(/SLUG|\{slug\}/, encodeURIComponent(slug));
  return outward(map, made);
}

/** In the frame of another site links open a page of their own. */
function outward(map, made) {
  if ("frame" in map.dataset) Object.assign(made, { target: "_blank", rel: "noopener" });
  return made;
}

function closer(map) {
  const button = node("button", "zu", map.icon("x"));
  Object.assign(button, { type: "button", ariaLabel: map.word("close") });
  button.addEventListener("click", () => map.close());
  return button;
}

function frame(map, label, ...children) {
  const box = node("section", "peek", closer(map), ...children);
  Object.assign(box, { tabIndex: -1, ariaLabel: label });
  return box;
}

/** What people call a key: as the filter form of the page calls it, without the number behind it. */
function nameOf(parameter, key) {
  const known = key && document.querySelector(`#filter select[name="${parameter}"] option[value="${CSS.escape(key)}"]`);
  return known ? (known.dataset.label ?? known.textContent.replace(/\s*\([\d.,\s]+\)\s*$/, "")).trim() : "";
}

/** The five grades of freshness from a date: up to 3, 6, 12 months, older, never. */
export function freshOf(day) {
  if (!day) return 0;
  const months = (Date.now() - Date.parse(day)) / 2_629_746_000;
  return months <= 3 ? 4 : months <= 6 ? 3 : months <= 12 ? 2 : 1;
}

/** How long ago the entry was confirmed, where the page has words for it. */
function freshness(map, fresh) {
  const words = map.word(`fresh-${fresh}`) || (fresh === 0 ? map.word("unconfirmed") : "");
  if (!words || fresh === undefined) return null;
  const made = node("span", `fresh${fresh === 0 ? " none" : fresh <= 2 ? " old" : ""}`, map.icon("x"), node("span", "", words));
  made.querySelector("svg").removeAttribute("class");
  made.querySelector("use").setAttribute("href", `${map.dataset.sprite}#fresh-${fresh}`);
  return made;
}

/** The card of one entry: name, what it does, where, what it is, how fresh. */
export function card(map, { slug, name, summary, town, legal_form: form, fresh }) {
  const facts = [town, nameOf("legal_form", form)].filter(Boolean).join(", ");
  const open = map.word("open-entry", { name });
  return frame(map, name,
    node("h2", "h4", link(map, slug, name)),
    facts && node("p", "meta", facts),
    summary && node("p", "klappt small", summary),
    freshness(map, fresh),
    open && node("p", "small auf", link(map, slug, open)));
}

/** The list of several at one spot; too many to name lead to the list of this spot. */
export function gathering(map, { count, slugs = [], names = [], bbox }) {
  const title = map.word("organisations-here", { n: count }) || String(count);
  const rows = slugs.map((slug, index) => node("li", "", link(map, slug, names[index] ?? inList(slug) ?? spoken(slug))));
  const list = rows.length ? node("ul", "hier", ...rows) : node("p", "", toList(map, bbox, title));
  if (rows.length) list.setAttribute("role", "list");
  return frame(map, title, node("h2", "h4", title), list);
}

const inList = (slug) => document.querySelector(`.org[data-slug="${CSS.escape(slug)}"] h2`)?.textContent.trim();

const spoken = (slug) => slug.replace(/-/g, " ").replace(/(^|\s)\S/g, (letter) => letter.toUpperCase());

function toList(map, [west, south, east, north], text) {
  const params = new URLSearchParams(map.query);
  params.set("bbox", [west - 1e-4, south - 1e-4, east + 1e-4, north + 1e-4].map((part) => part.toFixed(5)).join(","));
  const made = node("a", "", text);
  made.href = `${document.getElementById("filter")?.getAttribute("action") ?? location.pathname}?${params}`;
  return outward(map, made);
}
