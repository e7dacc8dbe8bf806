/* Suggestions while typing: input[data-suggest] becomes a combobox (ARIA 1.2) over the list it names with aria-controls,
   or the list with its id and "-vorschlaege". Without script it is a plain search field. */

const WAIT = 150;
const SHORTEST = 2;

class Combobox {
  #timer = 0;
  #asked = null;
  #items = [];
  #at = -1;

  constructor(input, list) {
    Object.assign(this, { input, list });
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false", autocomplete: "off" })) input.setAttribute(name, value);
    if (!list.hasAttribute("aria-label")) list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() || input.name);
    input.addEventListener("input", () => { clearTimeout(this.#timer); this.#timer = setTimeout(() => this.#ask(), WAIT); });
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    input.form?.addEventListener("submit", () => this.close());
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => this.#pick(this.#items[[...list.children].indexOf(event.target.closest("[role=option]"))]));
  }

  async #ask() {
    const q = this.input.value.trim();
    this.#asked?.abort();
    if (q.length < SHORTEST) return this.close();
    this.#asked = new AbortController();
    const address = `${this.input.dataset.suggest}?${new URLSearchParams({ q })}`;
    try {
      const answer = await fetch(address, { signal: this.#asked.signal, headers: { "Accept-Language": document.documentElement.lang } });
      const body = answer.ok ? await answer.json() : {};
      if (document.activeElement === this.input) this.#show(body.items ?? []);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  #show(items) {
    this.#items = items;
    this.#mark(-1);
    this.list.replaceChildren(...items.map((item, index) => this.#option(item, index)));
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(Boolean(items.length)));
  }

  #option(item, index) {
    const option = document.createElement("li"), detail = document.createElement("span");
    Object.assign(option, { id: `${this.list.id}-${index}`, role: "option", ariaSelected: "false" });
    detail.className = "meta";
    detail.textContent = item.detail ?? "";
    option.append(item.label, " ", detail);
    return option;
  }

  #mark(index) {
    this.#at = index;
    [...this.list.children].forEach((option, place) => { option.ariaSelected = String(place === index); });
    const option = this.list.children[index];
    if (option) { this.input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    else this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const open = !this.list.hidden, count = this.#items.length;
    if (event.key === "Escape" && open) { event.preventDefault(); event.stopPropagation(); this.close(); }
    else if (event.key === "ArrowDown" && !open && this.input.value) { event.preventDefault(); this.#ask(); }
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && open) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#mark(((this.#at + 1 + step + count + 1) % (count + 1)) - 1); // one stop without choice: back in one's own words
    } else if (event.key === "Enter" && open && this.#at >= 0) { event.preventDefault(); this.#pick(this.#items[this.#at]); }
  }

  /** An entry is opened; a place or a word becomes a filter in place of what was typed. */
  #pick(item) {
    if (!item) return;
    this.close();
    if (item.url) { location.assign(item.url); return; }
    const told = new CustomEvent("suggested", { bubbles: true, cancelable: true, detail: item });
    if (this.input.dispatchEvent(told)) location.assign(`${this.input.form.getAttribute("action") || location.pathname}?${item.query}`);
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#mark(-1);
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.getElementById(input.getAttribute("aria-controls") ?? `${input.id}-vorschlaege`);
  if (list) new Combobox(input, list);
}
