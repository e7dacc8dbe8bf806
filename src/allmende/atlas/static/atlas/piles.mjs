/* Places and heaps put together, so that no two marks cover each other.
   A pile is `at` [lon, lat] and x, y in the world, holds `n` places in a `box` [w, s, e, n], and is a single entry (`one`), or a few at one
   spot (`named` {slugs, names}), or more. */

import { degrees, world } from "./geo.mjs";

const ON_ONE_SPOT = 20; // so many entries on one spot are named at once
const AGAIN = 3; // times at most
const TILE = 512; // pixels
const CELLS = 8; // in a row of a tile

/** How wide the mark of so many places is, in pixels: their number must fit in. */
export const sizeOf = (n) => (n < 2 ? 28 : n < 100 ? 44 : n < 1e4 ? 60 : n < 1e6 ? 76 : 92);

export const isOneSpot = ([west, south, east, north]) => west === east && south === north;

/** A pile from where it is, what it holds and the box around it. */
export function pile(at, n, { box = [...at, ...at], one, named } = {}) {
  const [x, y] = world(at);
  return { at, x, y, n, box, one, named };
}

/** Several piles as one. */
function together(group) {
  if (group.length === 1) return group[0];
  let n = 0, x = 0, y = 0;
  const box = [180, 90, -180, -90];
  for (const one of group) {
    n += one.n;
    x += one.x * one.n;
    y += one.y * one.n;
    for (const side of [0, 1]) { box[side] = Math.min(box[side], one.box[side]); box[side + 2] = Math.max(box[side + 2], one.box[side + 2]); }
  }
  const spot = isOneSpot(box);
  return { at: spot ? group[0].at : degrees([x / n, y / n]), x: x / n, y: y / n, n, box, named: spot ? namesOf(group) : undefined };
}

/** The entries at one spot, each once, where all are known and few. */
function namesOf(group) {
  const entries = new Map(group.map(({ one }) => [one?.slug, one]));
  if (entries.has(undefined) || entries.size > ON_ONE_SPOT) return undefined;
  const sorted = [...entries.values()].sort((one, other) => one.name.localeCompare(other.name));
  return { slugs: sorted.map(({ slug }) => slug), names: sorted.map(({ name }) => name) };
}

const cellOf = ({ x, y }, cells) => [Math.floor(x * cells), Math.floor(y * cells)];

/** One pile for each cell; so many cells make the width of the world. */
function byCell(piles, cells) {
  const found = new Map();
  for (const one of piles) {
    const [x, y] = cellOf(one, cells), key = x * cells + y;
    if (found.has(key)) found.get(key).push(one);
    else found.set(key, [one]);
  }
  return [...found.values()].map(together);
}

/** Neighbours whose marks would cover each other become one, the largest first. */
function joined(piles, cells, pixels) {
  const left = new Map(), groups = [], steps = [-2, -1, 0, 1, 2];
  for (const one of piles) { const [x, y] = cellOf(one, cells); left.set(x * cells + y, one); }
  for (const one of [...piles].sort((a, b) => b.n - a.n || a.x - b.x || a.y - b.y)) {
    const [x, y] = cellOf(one, cells), group = [one];
    if (left.get(x * cells + y) !== one) continue;
    left.delete(x * cells + y);
    for (const dx of steps) for (const dy of steps) {
      const key = (x + dx) * cells + y + dy, other = left.get(key);
      if (other && Math.hypot(other.x - one.x, other.y - one.y) * pixels < (sizeOf(one.n) + sizeOf(other.n)) / 2) { group.push(other); left.delete(key); }
    }
    groups.push(together(group));
  }
  return groups;
}

/**
 * What is drawn at a zoom (a whole number: in between, marks only move apart). `coarser` makes cells twice as wide, so many times;
 * `apart` leaves neighbours as they are, where nobody can come closer.
 */
export function drawn(piles, zoom, { coarser = 0, apart = false } = {}) {
  const cells = CELLS * 2 ** (zoom - coarser);
  let found = byCell(piles, cells);
  if (apart) return found;
  for (let before = Infinity, again = 0; found.length < before && again < AGAIN; again += 1) { // what has become one may cover another one now
    before = found.length;
    found = joined(byCell(found, cells), cells, TILE * 2 ** zoom);
  }
  return found;
}

/** A pile as the marks take it: a GeoJSON feature as the interface gives it. */
export function feature({ at, n, box, one, named }) {
  return { type: "Feature", geometry: { type: "Point", coordinates: at }, properties: one ?? { count: n, bbox: box, ...named } };
}
