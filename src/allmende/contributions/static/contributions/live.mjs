// Keeps the picture of contributions as it is now: asks every few seconds whether something changed (ADR 0022).
const EVERY = 5_000;
const LONGEST = 60_000;
const SAID_EVERY = 30_000;

const shown = document.querySelector("[data-contributions]");
const reload = document.querySelector("[data-reload]");
const voice = document.querySelector("[data-announce]");
let etag = "";
let wait = EVERY;
let saidAt = 0;

function take(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of fresh.querySelectorAll("[data-live]")) {
    const old = shown.querySelector(`[data-live="${part.dataset.live}"]`);
    if (old && old.innerHTML !== part.innerHTML) old.replaceWith(part);
  }
  const sentence = shown.querySelector("[data-sentence]");
  if (voice && sentence && Date.now() - saidAt > SAID_EVERY) {
    saidAt = Date.now();
    voice.textContent = sentence.textContent;
  }
}

async function ask() {
  if (!document.hidden) {
    try {
      const address = new URL(shown.dataset.contributions, location.href);
      address.search = location.search;
      const answer = await fetch(address, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", credentials: "same-origin" });
      if (answer.status === 200) {
        const isFirst = !etag;
        etag = answer.headers.get("ETag") || "";
        if (isFirst) saidAt = Date.now();
        take(await answer.text());
      }
      wait = answer.ok || answer.status === 304 ? EVERY : Math.min(wait * 2, LONGEST);
    } catch {
      wait = Math.min(wait * 2, LONGEST);
    }
  }
  setTimeout(ask, wait);
}

if (shown && shown.querySelector("[data-live]")) {
  if (reload) reload.hidden = true;
  setTimeout(ask, EVERY);
}
