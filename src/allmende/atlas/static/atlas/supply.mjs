/* Where the map has its entries from. A small result comes as a whole: then nothing more is asked, however the map is moved.
   A large one comes in tiles, which MapLibre fetches as the map moves; what a tile held is remembered as long as the question is the same.
   Both answer `near(zoom, view, settled)`: piles, and the tiles of the view that are still on their way. */

import { clamp } from "./geo.mjs";
import { pile } from "./piles.mjs";

const LAYER = "entries";
const KEPT = 400; // tiles
const DEEPEST = 18;

/** An entry in the reader's language. */
const read = ({ summary, summary_en: english, ...facts }, language) => ({ ...facts, summary: (language === "en" && english) || summary });

/** A result with all its places. */
export class Whole {
  constructor({ features }, language) {
    this.piles = features.flatMap(({ geometry, properties }) => {
      const one = read(properties, language);
      return geometry.coordinates.map((at) => pile(at, 1, { one }));
    });
  }

  near() { return { piles: this.piles, missing: [] }; }
  furnish() {}
  stop() {}
}

/** A result in tiles. `told` is called when one has come, `failed` when one could not. */
export class Tiled {
  static count = 0;

  constructor(map, template, language, { told, failed }) {
    Object.assign(this, { map, template, language, id: `${LAYER}-${++Tiled.count}`, tiles: new Map(), come: new Set() });
    this.hear = ({ sourceId, coord }) => {
      if (sourceId !== this.id || !coord) return;
      this.come.add(keyOf(coord.canonical));
      told();
    };
    this.fail = ({ sourceId, error }) => { if (sourceId === this.id) failed(error); };
    map.on("sourcedata", this.hear);
    map.on("error", this.fail);
  }

  /** A source, and a layer that draws nothing: tiles are fetched for layers only. Asked for again whenever the style is another one. */
  furnish() {
    if (this.map.getSource(this.id)) return;
    this.map.addSource(this.id, { type: "vector", tiles: [this.template], minzoom: 0, maxzoom: DEEPEST });
    this.map.addLayer({ id: this.id, type: "circle", source: this.id, "source-layer": LAYER, paint: { "circle-radius": 0, "circle-opacity": 0 } });
  }

  stop() {
    this.map.off("sourcedata", this.hear);
    this.map.off("error", this.fail);
    if (this.map.getLayer(this.id)) this.map.removeLayer(this.id);
    if (this.map.getSource(this.id)) this.map.removeSource(this.id);
  }

  near(zoom, view, settled) {
    const z = clamp(zoom, 0, DEEPEST), piles = [], missing = [], wanted = new Map(tilesOf(z, view).map((tile) => [keyOf(tile), tile]));
    const seen = this.#read(wanted, settled);
    for (const [key, tile] of wanted) {
      const held = this.tiles.get(key) ?? seen.get(key);
      if (held) piles.push(...held);
      else missing.push(tile);
    }
    return { piles, missing };
  }

  /** Takes out of MapLibre's hands what has come; when the map has `settled`, all of the view has come. */
  #read(wanted, settled) {
    const seen = new Map([...this.come].map((key) => [key, []]));
    if (settled) for (const key of wanted.keys()) if (!this.tiles.has(key)) seen.set(key, []);
    if (seen.size) for (const one of this.map.querySourceFeatures(this.id, { sourceLayer: LAYER })) seen.get(keyOf(one.tile))?.push(this.#pile(one));
    // An empty one is believed only if it has come and is in view: otherwise MapLibre may have let go of it already.
    for (const [key, piles] of seen) if (piles.length || (this.come.has(key) && wanted.has(key))) this.tiles.set(key, piles);
    for (const key of wanted.keys()) this.#touch(key);
    this.come.clear();
    return seen;
  }

  /** What was asked for last is forgotten last. */
  #touch(key) {
    const held = this.tiles.get(key);
    if (!held) return;
    this.tiles.delete(key);
    this.tiles.set(key, held);
    if (this.tiles.size > KEPT) this.tiles.delete(this.tiles.keys().next().value);
  }

  #pile({ geometry, properties }) {
    const { count, west, south, east, north, slugs, names } = properties, at = geometry.coordinates;
    if (!count) return pile(at, 1, { one: read(properties, this.language) });
    return pile(at, count, { box: [west, south, east, north], named: slugs && { slugs: slugs.split("\n"), names: names.split("\n") } });
  }
}

const keyOf = ({ z, x, y }) => `${z}/${x}/${y}`;

/** The tiles of a zoom under a view ({x0, y0, x1, y1} in the world; x may lie beyond 0 and 1), each once. */
function tilesOf(z, { x0, y0, x1, y1 }) {
  const many = 2 ** z, found = new Map();
  for (let x = Math.floor(x0 * many); x <= Math.floor(x1 * many); x++) {
    for (let y = Math.max(0, Math.floor(y0 * many)); y <= Math.min(many - 1, Math.floor(y1 * many)); y++) {
      const own = ((x % many) + many) % many;
      found.set(own * many + y, { z, x: own, y });
    }
  }
  return [...found.values()];
}

/** Whether a place of the world lies in one of these tiles. */
export function isIn(tiles, { x, y }) {
  return tiles.some((tile) => Math.floor(x * 2 ** tile.z) === tile.x && Math.floor(y * 2 ** tile.z) === tile.y);
}
