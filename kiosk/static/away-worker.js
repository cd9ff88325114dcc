// When the server is away a start of the kiosk would end on the browser's own error page, which
// tells nobody anything. This worker has kept a page that says what to do and tries again.

const CACHE = "away";
const STYLE = "/static/kiosk/away.css";
const AWAY = `${new URL(registration.scope).pathname}/away`;
/** What a proxy says for a server that is gone. */
const GONE = new Set([502, 503, 504]);

addEventListener("install", (event) => {
  event.waitUntil(keep());
  skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(pageOrAway(event));
  else if (new URL(request.url).pathname === STYLE) event.respondWith(newOrKept(request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([AWAY, STYLE].map((url) => new Request(url, { cache: "reload" })));
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

async function newOrKept(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(STYLE)) ?? Response.error();
  }
}
