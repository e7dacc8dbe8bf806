/* The look of the map: a MapLibre style made of the page's own colours (--map-*), so that light and dark come from one place. */

const ROLES = ["water", "land", "urban", "road", "border", "label", "halo"];
const FONT = ["Atkinson Next Medium", "Atkinson Next"];

/** The map's colours as the page resolves them right now. `light-dark()` is only resolved in a real property. */
function colours(host) {
  const probe = document.createElement("i");
  probe.hidden = true;
  probe.style.forcedColorAdjust = "none"; // a contrast theme would make all colours one, and the map a black sheet
  host.append(probe);
  const found = Object.fromEntries(ROLES.map((role) => {
    probe.style.color = `var(--map-${role})`;
    return [role, getComputedStyle(probe).color];
  }));
  probe.remove();
  return found;
}

const absolute = (address) => (address.startsWith("/") ? location.origin + address : address);

/** Whether tiles at this address are vectors in the house's own layers; anything else is taken for pictures. */
const isVector = (address) => /\.(mvt|pbf)(\?|$)/.test(address);

const width = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];

/** Areas and lines of the offline map, from the sea upwards. */
function ground(c) {
  const line = (id, paint, more = {}) => ({ id, type: "line", source: "base", "source-layer": more.layer ?? id, paint, ...more.also });
  return [
    { id: "sea", type: "background", paint: { "background-color": c.water } },
    line("coast", { "line-color": c.border, "line-opacity": 0.55, "line-width": width(2, 1.5, 8, 4), "line-blur": 3 }, { layer: "land" }),
    { id: "land", type: "fill", source: "base", "source-layer": "land", paint: { "fill-color": c.land } },
    line("river", { "line-color": c.water, "line-width": ["interpolate", ["linear"], ["zoom"],
      4, ["interpolate", ["linear"], ["coalesce", ["get", "scalerank"], 8], 1, 1.2, 9, 0.4],
      9, ["interpolate", ["linear"], ["coalesce", ["get", "scalerank"], 8], 1, 3.4, 9, 1.2]] }),
    { id: "lake", type: "fill", source: "base", "source-layer": "lake", filter: [">=", ["coalesce", ["get", "km2"], 0], ["step", ["zoom"], 40, 6, 0]],
      paint: { "fill-color": c.water } },
    line("state", { "line-color": c.border, "line-opacity": 0.6, "line-width": 0.8, "line-dasharray": [3, 2] }),
    line("border", { "line-color": c.border, "line-width": width(3, 0.8, 8, 1.6), "line-dasharray": [5, 3] }),
  ];
}

/** Names: rivers from zoom 6.5, countries, towns by rank, in the page's language. */
function names(c, language) {
  const name = language === "en" ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["get", "name"];
  const ink = { "text-color": c.label, "text-halo-color": c.halo, "text-halo-width": 1.5 };
  const text = (id, layer, layout, more = {}) => ({ id, type: "symbol", source: "base", "source-layer": layer, layout: { "text-font": FONT, ...layout }, paint: ink, ...more });
  const rank = ["<=", ["get", "rank"], ["step", ["zoom"], 2, 5, 3, 6, 4, 7, 6, 7.7, 8]];
  const beside = ["top", [0, 0.5], "bottom", [0, -0.5], "left", [0.6, 0], "right", [-0.6, 0], "left", [2.1, 0], "right", [-2.1, 0], "top", [0, 1.9], "bottom", [0, -1.9]];
  return [
    text("river-name", "river", { "symbol-placement": "line", "text-field": ["get", "name"], "text-size": 12, "text-letter-spacing": 0.05, "text-max-angle": 30 }, { minzoom: 7 }),
    { id: "town-dot", type: "circle", source: "base", "source-layer": "place", filter: rank, paint: { "circle-radius": 2, "circle-color": c.label, "circle-stroke-color": c.halo, "circle-stroke-width": 1 } },
    text("country-name", "country", { "text-field": name, "text-transform": "uppercase", "text-letter-spacing": 0.14, "text-size": width(2, 11, 6, 15), "text-max-width": 7 },
      { maxzoom: 7.5, filter: [">", ["get", "area"], ["step", ["zoom"], 30, 3, 8, 4, 2, 5, 0]] }),
    text("town-name", "place", { "text-field": name, "text-size": ["interpolate", ["linear"], ["zoom"], 5, ["match", ["get", "rank"], [1, 2], 14, 12], 9, ["match", ["get", "rank"], [1, 2, 3], 15, 13]],
      "symbol-sort-key": ["-", 0, ["get", "pop"]], "text-variable-anchor-offset": beside }, { filter: rank }),
  ];
}

/** Invisible icons below our markers: town names step aside for them instead of being half covered. */
const holes = { id: "holes", type: "symbol", source: "marks",
  layout: { "icon-image": ["concat", "hole", ["get", "size"]], "icon-allow-overlap": true, "icon-padding": 3 } };

/**
 * The style for a map: the operator's own (`style`), the operator's tiles (`tileUrl`), or the offline map (`tiles`).
 * `marks` is GeoJSON with the `size` in pixels of what we draw ourselves.
 */
export function buildStyle(host, { style, tileUrl, tiles, language, marks }) {
  if (style) return style;
  const c = colours(host);
  const own = { version: 8, sources: { marks: { type: "geojson", data: marks } }, layers: [] };
  if (tileUrl && !isVector(tileUrl)) {
    own.sources.base = { type: "raster", tiles: [absolute(tileUrl)], tileSize: 256, maxzoom: 19 };
    own.layers = [{ id: "base", type: "raster", source: "base" }];
    return own;
  }
  own.sources.base = { type: "vector", tiles: [absolute(tileUrl || tiles)], maxzoom: tileUrl ? 14 : 8 };
  own.layers = [...ground(c), ...names(c, language), holes];
  return own;
}

/** The transparent picture `hole28` is 28 pixels square. */
export function hole(map, id) {
  const size = Number(id.slice(4));
  if (id.startsWith("hole") && size > 0 && !map.hasImage(id)) map.addImage(id, { width: size, height: size, data: new Uint8Array(size * size * 4) });
}

/** Calls `then` whenever the page turns dark or light; returns what ends it. */
export function onThemeChange(then) {
  const dark = matchMedia("(prefers-color-scheme: dark)"), contrast = matchMedia("(prefers-contrast: more)");
  const seen = new MutationObserver(then);
  dark.addEventListener("change", then);
  contrast.addEventListener("change", then);
  seen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => { dark.removeEventListener("change", then); contrast.removeEventListener("change", then); seen.disconnect(); };
}
