/* What is drawn of a question: where its entries come from, which marks stand for them in view, and when they are drawn anew.
   The old marks stay until the new ones are there: as a whole, or tile by tile. */

import { world } from "./geo.mjs";
import { drawn, feature, sizeOf } from "./piles.mjs";
import { isIn, Tiled, Whole } from "./supply.mjs";

const SOON = 60; // milliseconds: tiles that come together are drawn together
const MOST = 200; // marks in view
const MARGIN = 0.2; // of the view: so far beyond it marks are drawn as well
const COARSEST = 3;
const NO_CLOSER = 17; // from this zoom on neighbours stay apart

export class Drawing {
  #asked = "";
  #fetched = null;
  #supply = null;
  #soon = 0;
  #coarse = { zoom: -1, by: 0 };
  #clear = "";
  #styled = false;
  piles = [];
  missing = [];

  /** `places` and `entries` are addresses; results up to `little` come as a whole. `told` {drawn, trouble} hears when all of the view is there, and what went wrong. */
  constructor(map, marks, { places, entries, little, language }, told) {
    Object.assign(this, { map, marks, places, entries, little: Number(little), language, told });
    map.on("style.load", () => { this.#styled = true; this.#clear = ""; this.#furnish(); });
    map.on("idle", () => { if (this.missing.length) this.show(true); });
  }

  /** The style goes, and with it what was added to it; the next one is furnished when it is there. */
  undress() { this.#styled = false; }

  #furnish() {
    if (this.#styled) this.#supply?.furnish();
  }

  stop() {
    clearTimeout(this.#soon);
    this.#fetched?.abort();
    this.#supply?.stop();
    this.#supply = null;
  }

  /** Has the entries of a question brought: a small result as a whole, a large one in tiles. `total` is empty where it is not known. */
  async ask({ query, total, version }) {
    const params = new URLSearchParams(query);
    params.set("v", version);
    if (params.toString() === this.#asked) return;
    const asked = this.#asked = params.toString();
    this.#fetched?.abort();
    this.#fetched = new AbortController();
    const whole = Number(total || 0) > this.little ? { complete: false } : await this.#whole(asked);
    if (this.#asked !== asked) return;
    if (!whole) { this.#asked = ""; return; }
    this.#supply?.stop();
    this.#supply = whole.complete ? new Whole(whole, this.language) : this.#tiled(asked);
    this.#coarse.zoom = -1;
    this.#furnish();
    this.show();
  }

  /** Everything at once; where that is too much, the answer says so. Nothing when it could not be had. */
  async #whole(asked) {
    try {
      const answer = await fetch(`${this.places}?${asked}`, { signal: this.#fetched.signal });
      if (answer.ok) return await answer.json();
      this.told.trouble((await answer.json().catch(() => ({}))).detail ?? "");
    } catch (error) {
      if (error.name !== "AbortError") this.told.trouble("");
    }
    return null;
  }

  #tiled(asked) {
    let said = false;
    return new Tiled(this.map, `${location.origin}${this.entries}?${asked}`, this.language, {
      told: () => { this.#soon ||= setTimeout(() => { this.#soon = 0; this.show(); }, SOON); },
      failed: (error) => { if (!said && error?.name !== "AbortError") { said = true; this.told.trouble(""); } },
    });
  }

  /* ---- what is in view ---- */

  /** What is seen, and so much of it around, in the world; x may lie beyond 0 and 1. */
  #view(around) {
    const seen = this.map.getBounds(), [x0, y0] = world([seen.getWest(), seen.getNorth()]), [x1, y1] = world([seen.getEast(), seen.getSouth()]);
    const [dx, dy] = [(x1 - x0) * around, (y1 - y0) * around];
    return { x0: x0 - dx, y0: Math.max(0, y0 - dy), x1: x1 + dx, y1: Math.min(1, y1 + dy) };
  }

  /** While the map moves: marks are drawn anew when another zoom begins, or what lay outside comes into view. */
  follow() {
    if (!this.shown) return;
    const seen = this.#view(0), { view, zoom } = this.shown;
    const isInside = seen.x0 >= view.x0 && seen.x1 <= view.x1 && seen.y0 >= view.y0 && seen.y1 <= view.y1;
    if (!isInside || Math.floor(this.map.getZoom()) !== zoom) this.show();
  }

  /** Draws what is in view. Where tiles are still on their way, what was drawn there stays; once the map has `settled`, none are. */
  show(settled = false) {
    if (!this.#supply || !this.marks.room(this.map)[0]) return; // folded away on a phone: its size means nothing
    const zoom = Math.floor(this.map.getZoom()), view = this.#view(MARGIN);
    const { piles, missing } = this.#supply.near(zoom, this.#view(0), settled);
    const kept = this.piles.filter((one) => isIn(missing, one));
    Object.assign(this, { piles: [...this.#thinned(piles, zoom, view), ...kept], missing, shown: { zoom, view } });
    this.marks.show(this.piles.map(feature));
    this.marks.place(this.map, !this.map.isMoving());
    this.#makeRoom();
    if (!missing.length) this.told.drawn();
  }

  /** Marks of this zoom in view; where these are more than anyone can look at, cells are made larger for as long as the zoom stays. */
  #thinned(piles, zoom, view) {
    const seen = this.#view(0), coarse = this.#coarse.zoom === zoom ? this.#coarse : { zoom, by: 0 };
    let found = [];
    for (;; coarse.by += 1) {
      found = drawn(piles, zoom, { coarser: coarse.by, apart: zoom >= NO_CLOSER && !coarse.by }).filter((one) => isWithin(one, view));
      if (coarse.by >= COARSEST || found.filter((one) => isWithin(one, seen)).length <= MOST) break;
    }
    this.#coarse = coarse;
    return found;
  }

  /** Where marks lie, as points with their size: town names keep clear of them. */
  get holes() {
    const features = this.piles.map(({ at, n }) => ({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { size: sizeOf(n) } }));
    return { type: "FeatureCollection", features };
  }

  #makeRoom() {
    const { holes } = this, text = JSON.stringify(holes);
    if (text === this.#clear) return;
    this.#clear = text;
    this.map.getSource("marks")?.setData(holes);
  }
}

/** Whether a pile lies in a view, on any copy of the world. */
const isWithin = ({ x, y }, { x0, y0, x1, y1 }) => y >= y0 && y <= y1 && [-1, 0, 1].some((turn) => x + turn >= x0 && x + turn <= x1);
