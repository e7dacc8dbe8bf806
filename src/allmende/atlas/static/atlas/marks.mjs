/* What lies on the map: pins for single entries, discs for several. Real buttons over the drawing, kept in step with it. */

const EDGE = 12; // pixels of a mark that may stick out of the map
const FAR = 2_000; // pixels the layer is pushed before its marks are put anew, or a quarter of the world: another copy of it may be nearer
const SLACK = 2e-5; // degrees: boxes come with 32 bits
const round = (number) => Math.round(number * 1e4) / 1e4;

/** The name of a mark from one answer to the next: the same entry or the same heap stays the same button. */
function keyOf(feature) {
  const [lon, lat] = feature.geometry.coordinates, { slug, count } = feature.properties;
  return slug ? `${slug}@${round(lon)},${round(lat)}` : `${count}@${round(lon)},${round(lat)}`;
}

function words(text, name = "span", css = "vh") {
  const part = document.createElement(name);
  part.className = css;
  part.textContent = text;
  return part;
}

/** A number as it stands in a disc of its size. */
function disc(count) {
  const size = ["", "l", "l k", "l xl", "l xxl"][[100, 1e3, 1e4, 1e6].filter((step) => count >= step).length];
  return { css: `heap ${size}`.trim(), text: count.toLocaleString(document.documentElement.lang) };
}

export class Marks {
  /** `label(properties)` gives the words of a mark, `css(properties)` a pin's shape and colour, `chosen(feature, button)` is told of clicks. */
  constructor(layer, { label, css, chosen }) {
    Object.assign(this, { layer, label, css, chosen });
    this.all = new Map();
    this.hidden = "";
  }

  /** Draws these features: what stays is kept, focus included; what goes takes the focus to its nearest successor. */
  show(features) {
    const wanted = new Map(features.map((feature) => [keyOf(feature), feature]));
    const focused = [...this.all.values()].find((mark) => mark.button === document.activeElement && !wanted.has(keyOf(mark.feature)));
    const parent = document.createDocumentFragment();
    for (const [key, feature] of wanted) {
      const old = this.all.get(key);
      if (old) old.feature = feature;
      else this.all.set(key, { feature, button: parent.appendChild(this.#button(feature)) });
    }
    for (const [key, mark] of this.all) if (!wanted.has(key)) { mark.button.remove(); this.all.delete(key); }
    this.layer.append(parent);
    this.start = null;
    this.hide(this.hidden);
    if (focused) this.nearest(focused.feature.geometry.coordinates)?.button.focus({ preventScroll: true });
  }

  #button(feature) {
    const button = document.createElement("button"), { count } = feature.properties;
    button.type = "button";
    const { css, text } = count ? disc(count) : { css: `pin ${this.css(feature.properties)}` };
    button.className = css;
    if (count) button.append(Object.assign(words(text, "span", ""), { ariaHidden: "true" }));
    button.append(words(this.label(feature.properties)));
    button.title = count ? "" : feature.properties.name;
    if (!button.title) button.removeAttribute("title");
    button.addEventListener("click", (event) => { event.stopPropagation(); this.chosen([...this.all.values()].find((mark) => mark.button === button)?.feature ?? feature, button); });
    return button;
  }

  /**
   * Puts every mark where the map now has its point, on the copy of the world that is in view. While the map is only pushed, the layer
   * is pushed as a whole: one change instead of hundreds.
   */
  place(map, settled = false) {
    const zoom = map.getZoom(), at = map.getCenter(), { start } = this;
    if (start && !settled && Math.abs(start.zoom - zoom) < 1e-9) {
      const { x, y } = map.project(onCopy(start.at, at.lng)), [dx, dy] = [x - start.x, y - start.y];
      if (Math.hypot(dx, dy) < Math.min(FAR, 128 * 2 ** zoom)) { this.layer.style.transform = `translate(${dx.toFixed(1)}px, ${dy.toFixed(1)}px)`; return; }
    }
    const [wide, high] = this.room(map);
    this.start = { zoom, at: [at.lng, at.lat], ...map.project(at) };
    this.layer.style.transform = "";
    for (const { feature, button } of this.all.values()) {
      const { x, y } = put(map, button, feature.geometry.coordinates, at.lng);
      const seen = !settled || (x > -EDGE && y > -EDGE && x < wide + EDGE && y < high + EDGE);
      button.style.visibility = seen ? "" : "hidden"; // the focus would scroll to what lies outside
    }
  }

  /** Width and height of the map. Asked of the page only when they have changed: after new marks the answer costs a layout. */
  room(map) {
    const { clientWidth, clientHeight } = this.size ? {} : map.getContainer();
    return this.size ??= [clientWidth, clientHeight];
  }

  /** The map has another size. */
  resized() { this.size = null; }

  /** The map begins to move: what lies outside may come into view. */
  loosen() {
    for (const { button } of this.all.values()) button.style.visibility = "";
  }

  /** The pin of the selected entry is drawn apart, with its name. */
  hide(slug) {
    this.hidden = slug;
    for (const { feature, button } of this.all.values()) button.hidden = Boolean(slug) && feature.properties.slug === slug;
  }

  of(slug) {
    return [...this.all.values()].find((mark) => mark.feature.properties.slug === slug);
  }

  nearest([lon, lat]) {
    const far = ({ feature }) => Math.hypot(feature.geometry.coordinates[0] - lon, feature.geometry.coordinates[1] - lat);
    return [...this.all.values()].filter(({ button }) => !button.hidden && !button.style.visibility).sort((one, other) => far(one) - far(other))[0];
  }

  /** Lights up the mark that stands for these points ([lat, lon] each): its pin, or the heap that holds it. */
  light(slug, points) {
    for (const { feature, button } of this.all.values()) {
      const [west, south, east, north] = feature.properties.bbox ?? [];
      const holds = points.some(([lat, lon]) => west - SLACK <= lon && lon <= east + SLACK && south - SLACK <= lat && lat <= north + SLACK);
      button.classList.toggle("hot", Boolean(slug) && (feature.properties.slug === slug || holds));
    }
  }
}

/** A point on the copy of the world that is nearest to the middle of the map. */
const onCopy = ([lon, lat], middle) => [lon + 360 * Math.round((middle - lon) / 360), lat];

/** Moves one element to a point of the map. */
export function put(map, element, at, middle = map.getCenter().lng) {
  const { x, y } = map.project(onCopy(at, middle));
  element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  return { x, y };
}
