// When the server is away a start of the kiosk would end on the browser's own error page, which
// tells nobody anything. This worker has kept a page that says what to do and tries again.

const CACHE = "away";
const VENDOR = "/static/vendor";
/** What the page needs to look like the others: its style, and the letters of every language. */
const LOOKS = [
  "/static/kiosk/away.css",
  "/static/css/tokens.css",
  "/static/css/scripts.css",
  `${VENDOR}/atkinson/atkinson-hyperlegible-next-latin-wght-normal.woff2`,
  `${VENDOR}/atkinson/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2`,
  `${VENDOR}/noto-sans/noto-sans-cyrillic-wght-normal.woff2`,
  `${VENDOR}/vazirmatn/vazirmatn-arabic-wght-normal.woff2`,
];
const AWAY = `${new URL(registration.scope).pathname}/away`;
/** What a proxy says for a server that is gone. */
const GONE = new Set([502, 503, 504]);

addEventListener("install", (event) => {
  event.waitUntil(keep());
  skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(pageOrAway(event));
  else if (LOOKS.includes(pathname)) event.respondWith(newOrKept(request, pathname));
});

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([AWAY, ...LOOKS].map((url) => new Request(url, { cache: "reload" })));
}

async function pageOrAway(event) {
  try {
    const answer = await fetch(event.request);
    if (!GONE.has(answer.status)) return answer;
  } catch {
    // No line at all.
  }
  return (await caches.match(AWAY)) ?? Response.error();
}

async function newOrKept(request, pathname) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(pathname)) ?? Response.error();
  }
}
