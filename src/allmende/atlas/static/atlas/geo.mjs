/* Degrees and boxes as they stand in addresses: "w,s,e,n" and "zoom/lat/lon". */

export const WIDEST = 180;
export const HOME = [[5.5, 46.2], [17.2, 55.1]];
const TOO_WIDE = 45; // degrees

export const clamp = (number, low, high) => Math.min(high, Math.max(low, number));
export const wrap = (lon) => ((((lon + WIDEST) % 360) + 360) % 360) - WIDEST;
export const numbers = (text, count) => {
  const parts = (text ?? "").split(/[,/]/).map(Number);
  return text && parts.length === count && parts.every(Number.isFinite) ? parts : null;
};

/** "w,s,e,n" as MapLibre wants it; west greater than east crosses the date line. */
export function bounds(text) {
  const box = numbers(text, 4);
  return box && [[box[0], box[1]], [box[0] > box[2] ? box[2] + 360 : box[2], box[3]]];
}

/** The box of everything found; where that is half the world around us, we begin at home and the rest is a step away. */
export function around(text) {
  const box = bounds(text);
  if (!box) return null;
  const [[w, s], [e, n]] = box, [[west, south], [east, north]] = HOME;
  return e - w > TOO_WIDE && w < east && e > west && s < north && n > south ? HOME : box;
}

/* The world as a square from 0 to 1, x to the east and y to the south (web-mercator): tiles and cells are its even parts. */

export const world = ([lon, lat]) => {
  const sine = Math.sin((clamp(lat, -85.051128, 85.051128) * Math.PI) / 180);
  return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
};
export const degrees = ([x, y]) => [x * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
