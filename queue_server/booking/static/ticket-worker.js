// Looks after the pages below /t/, which it never serves while the server answers. When the line is
// gone it shows /t/offline, a page without any secret; and it shows what the office has to tell a
// phone whose page is closed. A new version takes the place of the old one at once.

const PREFIX = "ticket-";
const CACHE = PREFIX + new URL(location.href).searchParams.get("version");
const OFFLINE = "/t/offline";
const SHELL = [
  OFFLINE,
  "/static/booking/offline.css",
  ...["offline", "age", "kept", "words"].map((name) => `/static/booking/${name}.js`),
  "/static/js/clock.js",
];
/** What a proxy says for a server that is gone. */
const GONE = new Set([502, 503, 504]);
const ICON = "/static/icon-192.png";
const VIBRATION_MS = [400, 150, 400, 150, 800];

addEventListener("install", (event) => {
  event.waitUntil(keepShell());
  skipWaiting();
});

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([forgetOlder(), clients.claim()]));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(pageOrOffline(request));
  else if (SHELL.includes(pathOf(request.url))) event.respondWith(newOrKept(request));
});

addEventListener("push", (event) => {
  event.waitUntil(tell(event.data.json()));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.address));
});

async function keepShell() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((url) => new Request(url, { cache: "reload" })));
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function pageOrOffline(request) {
  try {
    const answer = await fetch(request);
    if (!GONE.has(answer.status)) return answer;
  } catch {
    // No line at all.
  }
  return (await keptOf(OFFLINE)) ?? Response.error();
}

async function newOrKept(request) {
  try {
    return await fetch(request);
  } catch {
    return (await keptOf(pathOf(request.url))) ?? Response.error();
  }
}

async function keptOf(path) {
  return (await caches.open(CACHE)).match(path);
}

function pathOf(url) {
  const { origin, pathname } = new URL(url);
  return origin === location.origin ? pathname : "";
}

/** @param {{title: string, body: string, language: string, direction: string, tag: string,
 *   address: string}} news */
function tell({ title, body, language, direction, tag, address }) {
  return registration.showNotification(title, {
    body,
    lang: language,
    dir: direction,
    // A later message takes the place of an earlier one, and is heard again.
    tag,
    renotify: true,
    requireInteraction: true,
    vibrate: VIBRATION_MS,
    icon: ICON,
    badge: ICON,
    data: { address },
  });
}

async function open(address) {
  const windows = await clients.matchAll({ type: "window" });
  const there = windows.find(({ url }) => pathOf(url) === address);
  return there ? there.focus() : clients.openWindow(address);
}
