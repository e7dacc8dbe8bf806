/* The generator of the embed code: every change of the form shows at once in the preview and in the code.
   form[data-embed="address of the frame"][data-frame="#iframe"][data-code="#textarea"] with controls named as the frame takes them.
   data-width and data-height name the controls for the size. Without script the form asks the server. */

const WAIT = 300;
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

/** What the form says, as a query string: empty parts left out, several values of one name in one list. */
function query(form, except) {
  const parts = new Map();
  for (const [name, value] of new FormData(form)) {
    if (!value || except.includes(name) || name === "csrfmiddlewaretoken") continue;
    parts.set(name, parts.has(name) ? `${parts.get(name)},${value}` : value);
  }
  return new URLSearchParams([...parts]).toString().replaceAll("%2C", ",");
}

function update(form) {
  const { embed, frame, code, width = "width", height = "height" } = form.dataset;
  const preview = document.querySelector(frame), area = document.querySelector(code);
  const asked = query(form, [width, height]), address = new URL(embed, location);
  address.search = asked;
  const value = (name, otherwise) => form.elements[name]?.value?.trim() || otherwise;
  const wide = value(width, "100%"), high = value(height, preview?.getAttribute("height") ?? "480");
  if (preview && preview.src !== address.href) preview.src = address.href;
  if (preview && /^\d{2,4}$/.test(high)) preview.height = high;
  const title = preview?.title ?? "";
  if (area) area.value = `<iframe src="${escaped(address.href)}" title="${escaped(title)}" width="${escaped(wide)}" height="${escaped(high)}" loading="lazy" referrerpolicy="strict-origin-when-cross-origin"></iframe>`;
}

for (const form of document.querySelectorAll("form[data-embed]")) {
  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(() => update(form), WAIT); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update(form);
    history.replaceState(null, "", `?${query(form, [])}`);
  });
}
