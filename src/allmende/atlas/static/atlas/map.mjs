/* <allmende-map>: the map as one custom element. It loads MapLibre only when it comes into view, draws pins and heaps of what its
   `query` matches, and tells the page by events: `ready`, `moved` {zoom, lat, lon, box}, `selected` {slug}.
   Without script its inside stays as the server wrote it; without WebGL it says so, and the list beside it has everything. */

import { Drawing } from "./drawing.mjs";
import { Marks, put } from "./marks.mjs";
import { buildStyle, hole, onThemeChange } from "./style.mjs";
import { around, bounds, clamp, HOME, numbers, WIDEST, wrap } from "./geo.mjs";
import { card, freshOf, gathering } from "./card.mjs";
import { isOneSpot } from "./piles.mjs";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const DEBOUNCE = 120;
const DEEPEST = 18;
const NOTHING = { type: "FeatureCollection", features: [] };

let library;
/** MapLibre, its worker's address and its style sheet: once per page. */
function maplibre({ maplibre: module, worker, css }) {
  library ??= Promise.all([import(new URL(module, location)), sheet(css), document.fonts.load('500 16px "Atkinson Next"').catch(() => null)]).then(([ml]) => {
    ml.setWorkerUrl(new URL(worker, location).href);
    return ml;
  });
  return library;
}

function sheet(address) {
  return new Promise((done, failed) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: done, onerror: failed });
    document.head.prepend(link);
  });
}

function element(name, css, ...children) {
  const made = document.createElement(name);
  made.className = css;
  made.append(...children);
  return made;
}

class AllmendeMap extends HTMLElement {
  #selected = "";
  #waiting = null;
  #ends = [];

  connectedCallback() {
    if (!this.hasAttribute("role")) this.role = "region";
    this.querySelector(".nojs")?.remove();
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) { seen.disconnect(); this.#start(); }
    }, { rootMargin: "100px" });
    seen.observe(this);
    this.#ends = [() => seen.disconnect()];
  }

  disconnectedCallback() {
    this.#ends.forEach((end) => end());
    this.drawing?.stop();
    this.map?.remove();
    this.map = undefined;
  }

  /** Translated words of the page, with {n}, {name}, {town} filled in. */
  word(key, values = {}) {
    const text = this.querySelector("template")?.content.querySelector(`[data-word="${key}"]`)?.textContent.trim() ?? "";
    return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? "").replace(/,\s*$/, "");
  }

  /** Where the map starts: what the address says, else the box asked for, else everything found, else Central Europe. */
  #camera() {
    const address = new URLSearchParams(location.search), spot = numbers(address.get("map"), 3);
    if (spot) return { zoom: clamp(spot[0], 1, DEEPEST), center: [wrap(spot[2]), clamp(spot[1], -85, 85)] };
    const box = bounds(address.get("bbox")) ?? around(this.dataset.extent) ?? HOME;
    return { bounds: box, fitBoundsOptions: { padding: 48, maxZoom: 11 } };
  }

  async #start() {
    if (!document.createElement("canvas").getContext("webgl2")) return this.#say("no-webgl");
    const loading = element("p", "laedt", this.word("loading"));
    this.append(loading);
    try {
      const ml = await maplibre(this.dataset);
      if (this.isConnected) this.#draw(ml, loading);
    } catch (error) {
      loading.remove();
      this.#say("failed");
      console.warn(error);
    }
  }

  /** Says in place of the map why there is none. */
  #say(key) {
    this.append(element("div", "ohne-karte", element("p", "msg", this.word(key))));
    this.dataset.failed = "1";
    this.dispatchEvent(new CustomEvent("failed", { bubbles: true }));
  }

  #style() {
    const { style, tileUrl, tiles } = this.dataset;
    return buildStyle(this, { style, tileUrl, tiles, language: this.language, marks: this.drawing?.holes ?? NOTHING });
  }

  #draw(ml, loading) {
    const canvas = element("div", "leinwand");
    this.prepend(canvas);
    const map = new ml.Map({
      container: canvas, style: this.#style(), ...this.#camera(), minZoom: 1, maxZoom: DEEPEST, attributionControl: false,
      fadeDuration: calm.matches ? 0 : 200, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      cooperativeGestures: this.hasAttribute("data-cooperative"), reduceMotion: calm.matches,
      locale: { "Map.Title": this.getAttribute("aria-label") ?? "" },
    });
    this.map = map;
    map.setMissingStyleImageResolver((id) => hole(map, id));
    map.keyboard.disableRotation();
    map.touchZoomRotate.disableRotation();
    map.getCanvas().setAttribute("role", "application");
    this.#furnish(map);
    map.on("resize", () => this.marks.resized());
    map.on("movestart", () => this.marks.loosen());
    map.on("move", () => this.#follow());
    map.on("moveend", () => this.#moved());
    map.on("load", () => loading.remove());
    map.on("error", ({ error }) => { if (error?.name !== "AbortError") console.warn(error); });
    map.once("idle", () => loading.remove());
    this.#ends.push(onThemeChange(() => requestAnimationFrame(() => { this.drawing.undress(); map.setStyle(this.#style(), { diff: false }); })));
    this.drawing = new Drawing(map, this.marks, { ...this.dataset, language: this.language }, {
      drawn: () => { if (!this.dataset.ready) this.#announce(); },
      trouble: (text) => this.dispatchEvent(new CustomEvent("trouble", { bubbles: true, detail: text })),
    });
    this.drawing.ask(this.dataset);
    this.#welcome();
  }

  /** Layer of marks, zoom buttons, credit, and what Escape does. */
  #furnish(map) {
    const layer = element("div", "marken");
    this.chosenPin = element("span", "pin on", element("span", ""));
    this.chosenPin.ariaHidden = "true";
    this.chosenPin.hidden = true;
    map.getCanvasContainer().append(layer, this.chosenPin);
    const sectors = JSON.parse(this.dataset.sectors || "{}");
    this.marks = new Marks(layer, {
      label: (one) => this.#label(one),
      css: (one) => `${sectors[one.sector] ?? "blatt wiese"}${one.fresh ? "" : " stale"}`,
      chosen: (feature, button) => this.#chosen(feature, button),
    });
    this.append(this.#buttons(map));
    if (this.dataset.credit) this.append(element("p", "credit", this.dataset.credit));
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.querySelector(".peek")) { event.stopPropagation(); this.close(); }
    });
  }

  #label(one) {
    if (one.count) return this.word("places", { n: one.count.toLocaleString(this.language) }) || String(one.count);
    const unsure = one.fresh ? "" : this.word("unconfirmed");
    return [one.name, one.town, unsure].filter(Boolean).join(", ");
  }

  #buttons(map) {
    const box = element("div", "zoom");
    for (const [key, icon, step] of [["zoom-in", "plus", 1], ["zoom-out", "minus", -1]]) {
      const button = element("button", "btn quiet", this.icon(icon));
      Object.assign(button, { type: "button", ariaLabel: this.word(key) });
      button.addEventListener("click", () => map.easeTo({ zoom: Math.round(map.getZoom()) + step, ...this.#pace() }));
      box.append(button);
    }
    return box;
  }

  get language() { return this.dataset.language ?? document.documentElement.lang; }

  icon(name) {
    const box = document.createElement("template");
    box.innerHTML = '<svg class="icon" aria-hidden="true"><use></use></svg>';
    box.content.querySelector("use").setAttribute("href", `${this.dataset.sprite}#i-${name}`);
    return box.content.firstChild;
  }

  #pace() {
    return calm.matches ? { duration: 0 } : { duration: 320 };
  }

  /* ---- where we are ---- */

  /** West, south, east, north of what is seen, as the API takes it. */
  box() {
    const seen = this.map.getBounds(), [west, east] = [seen.getWest(), seen.getEast()];
    const [w, e] = east - west >= 360 ? [-WIDEST, WIDEST] : [wrap(west), wrap(east)];
    return [w, clamp(seen.getSouth(), -85, 85), e, clamp(seen.getNorth(), -85, 85)];
  }

  #moved() {
    this.marks.place(this.map, true);
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      if (!this.map || !this.offsetWidth) return; // folded away on a phone: its size means nothing
      const { lng, lat } = this.map.getCenter();
      this.dispatchEvent(new CustomEvent("moved", { bubbles: true, detail: { zoom: this.map.getZoom(), lat, lon: wrap(lng) } }));
      this.drawing.show();
    }, DEBOUNCE);
  }

  /** Marks stay on their points while the map moves; others come when it has moved far enough. */
  #follow() {
    this.marks.place(this.map);
    if (!this.chosenPin.hidden) put(this.map, this.chosenPin, this.chosenAt);
    this.drawing.follow();
  }

  /** Moves to what was found, "w,s,e,n"; later, when there is no map yet. */
  show(extent) {
    if (!this.map) this.dataset.extent = extent;
    else this.#fit(around(extent));
  }

  /** Moves to a box, at once where motion is not wanted. */
  #fit(to, maxZoom = 11) {
    if (to) this.map.fitBounds(to, { padding: 48, maxZoom, ...this.#pace(), animate: !calm.matches });
  }

  /** Moves to zoom, lat and lon of an address. */
  go(text) {
    const spot = numbers(text, 3);
    if (spot && this.map) this.map.jumpTo({ zoom: clamp(spot[0], 1, DEEPEST), center: [wrap(spot[2]), clamp(spot[1], -85, 85)] });
  }

  /** Whether any of a box "w,s,e,n" is in view. */
  sees(box) {
    const other = bounds(box), seen = this.map?.getBounds();
    if (!other || !seen) return false;
    return other[0][1] <= seen.getNorth() && other[1][1] >= seen.getSouth() && [-360, 0, 360].some((turn) => other[0][0] + turn <= seen.getEast() && other[1][0] + turn >= seen.getWest());
  }

  /* ---- what is there ---- */

  /** Takes a new question from the map element of a fresh page: `query`, `total` (empty where it is not known), `version`. */
  ask({ query, total, version }) {
    Object.assign(this.dataset, { query, total, version });
    if (this.map) this.drawing.ask(this.dataset);
  }

  get query() { return this.dataset.query ?? ""; }

  /** Ready means: drawn, with everything on it. */
  #announce() {
    const done = () => {
      if (this.dataset.ready) return;
      this.dataset.ready = "1";
      this.dispatchEvent(new CustomEvent("ready", { bubbles: true }));
    };
    if (this.map.loaded()) requestAnimationFrame(done);
    else this.map.once("idle", done);
  }

  /* ---- what is chosen ---- */

  /** Selects what the address asks for, once the map is there. */
  #welcome() {
    const wish = this.wish ?? { slug: new URLSearchParams(location.search).get("select") };
    if (wish.slug) this.select(wish.slug, { move: !new URLSearchParams(location.search).has("map"), ...wish });
  }

  #chosen({ geometry, properties }, button) {
    if (properties.slug) return this.select(properties.slug, { at: geometry.coordinates, facts: properties, by: button });
    if (!isOneSpot(properties.bbox) && this.map.getZoom() < DEEPEST - 0.01) {
      const deepest = Math.min(DEEPEST, Math.floor(this.map.getZoom()) + 3);
      return this.#fit(bounds(properties.bbox.join(",")), Math.max(deepest, this.map.getZoom() + 1));
    }
    return this.#open(gathering(this, properties), geometry.coordinates, button);
  }

  /**
   * Shows one entry: big pin with its name, and a card. `at` is [lon, lat], `facts` what is known of it; both are fetched when missing.
   * `by` is who asked: it gets the focus back.
   */
  async select(slug, { at, facts, by, move = false } = {}) {
    if (!this.map) { this.wish = { slug, at, facts, by, move: true }; return; }
    if (slug === this.#selected) return;
    this.#selected = slug;
    const known = this.marks.of(slug)?.feature;
    const found = facts && at ? { facts, at } : known ? { facts: known.properties, at: known.geometry.coordinates } : await this.#ask(slug);
    if (this.#selected !== slug || !found) return;
    const { name } = found.facts;
    this.marks.hide(slug);
    this.chosenPin.hidden = !found.at;
    this.chosenPin.firstChild.textContent = name;
    this.#open(card(this, found.facts), found.at, by);
    if (found.at && move) this.map.jumpTo({ center: found.at, zoom: Math.max(this.map.getZoom(), 9) });
    else if (found.at && !this.#inView(found.at)) this.map.jumpTo({ center: found.at });
    if (found.at) this.#uncover(found.at);
    this.#follow();
    this.dispatchEvent(new CustomEvent("selected", { bubbles: true, detail: { slug, by } }));
  }

  /** Moves the map so that its own card does not lie on the chosen point. */
  #uncover(at) {
    const box = this.querySelector(".peek").getBoundingClientRect(), own = this.getBoundingClientRect(), { x, y } = this.map.project(at);
    const [left, top] = [box.left - own.left - 24, box.top - own.top];
    if (x > left && x < left + box.width + 48 && y > top - 8) this.map.panBy([0, y - top / 2], this.#pace());
  }

  #inView([lon, lat]) {
    return this.sees([lon, lat, lon, lat].join(","));
  }

  /** An entry that is in no pin: in a heap, elsewhere, or without a place. */
  async #ask(slug) {
    const address = new URL(`organisations/${encodeURIComponent(slug)}`, new URL(this.dataset.api, location));
    const answer = await fetch(address, { headers: { "Accept-Language": document.documentElement.lang } }).catch(() => null);
    if (!answer?.ok) return null;
    const whole = await answer.json(), seat = whole.places.find((place) => place.lat !== null);
    const summary = (this.language === "en" && whole.summary_en) || whole.summary;
    const facts = { ...whole, summary, town: (seat ?? whole.places[0])?.town ?? "", fresh: freshOf(whole.confirmed_on) };
    return { facts, at: seat && [seat.lon, seat.lat] };
  }

  /** Puts up a card or a list; whoever used the keyboard or mouse on the map gets the focus there. */
  #open(box, at, by) {
    this.querySelector(".peek")?.remove();
    this.chosenAt = at;
    this.openedBy = by;
    this.append(box);
    if (!by) return;
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }

  /** Closes card and selection; the focus goes back to the pin. */
  close({ silent = false } = {}) {
    const box = this.querySelector(".peek"), slug = this.#selected, had = box?.contains(document.activeElement);
    box?.remove();
    this.wish = undefined;
    this.#selected = "";
    if (!this.map) return;
    this.marks.hide("");
    this.chosenPin.hidden = true;
    const back = this.openedBy?.isConnected ? this.openedBy : this.marks.of(slug)?.button ?? (this.chosenAt && this.marks.nearest(this.chosenAt)?.button);
    if (had && !silent) (back ?? this.map.getCanvas()).focus({ preventScroll: true });
    if (slug && !silent) this.dispatchEvent(new CustomEvent("selected", { bubbles: true, detail: { slug: "" } }));
  }

  get selected() { return this.#selected; }

  /** Lights up what stands for a row of the list; points are [lat, lon]. */
  light(slug = "", points = []) {
    this.marks?.light(slug, points);
  }
}

/** Whether a pile lies in a view, on any copy of the world. */
const isWithin = ({ x, y }, { x0, y0, x1, y1 }) => y >= y0 && y <= y1 && [-1, 0, 1].some((turn) => x + turn >= x0 && x + turn <= x1);

if (!customElements.get("allmende-map")) customElements.define("allmende-map", AllmendeMap);
