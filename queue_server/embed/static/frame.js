// Keeps what stands in a frame fresh: once a minute the page is fetched again, and only the words
// that are different are written, so that nothing flickers and the focus stays.

const REFRESH_MS = 60_000;
const STALE_MS = 5 * 60_000;
const OF_NOW = ["waiting", "people"];
// Without cookies nobody would know which language its visitor has chosen.
const ADDRESS = new URL(location.href);
ADDRESS.searchParams.set("lang", document.documentElement.lang);
let heardAt = Date.now();

/** @param {Document} fresh */
function show(fresh) {
  const main = document.querySelector("main");
  main.dataset.open = fresh.querySelector("main").dataset.open;
  for (const part of main.querySelectorAll("[data-part]")) {
    const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (part.textContent !== now.textContent) part.textContent = now.textContent;
    part.hidden = now.hidden;
  }
}

/** What was true a while ago must not look as if it were true now. */
function admitAge() {
  const main = document.querySelector("main");
  main.dataset.open = "false";
  main.querySelector('[data-part="opening"]').textContent = main.dataset.stale;
  for (const part of OF_NOW) main.querySelector(`[data-part="${part}"]`).hidden = true;
}

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(ADDRESS, { cache: "no-cache", credentials: "omit" })
    .catch(() => null);
  if (answer?.ok) {
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    heardAt = Date.now();
  } else if (Date.now() - heardAt > STALE_MS) admitAge();
}

setInterval(refresh, REFRESH_MS);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() - heardAt >= REFRESH_MS) refresh();
});
