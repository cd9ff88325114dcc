// Weeks without anybody looking after the wall: keep the screen on, hide the pointer, notice
// sleep, take over new versions, and start afresh once a night.

import { now, tick, timeOfDay } from "/static/js/clock.js";

const POINTER_MS = 3_000;
/** Whoever hangs up a wall pairs it first; later what is meant for them goes out of sight. */
const ATTENDED_MS = 3 * 60_000;
/** Timers that come this late have slept. */
const SLEPT_MS = 5_000;
const NIGHTLY_AT = "03:40";
const PAGE_HEADER = "Aufruf-Page";

/** Keep the screen on where the browser can (only over https or on this machine). */
export function keepAwake() {
  const ask = () => {
    if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

/** Show the pointer only while somebody moves it. */
export function hidePointer() {
  const root = document.documentElement;
  let timer = 0;
  const hide = () => { root.dataset.pointer = "hidden"; };
  addEventListener("pointermove", () => {
    delete root.dataset.pointer;
    clearTimeout(timer);
    timer = setTimeout(hide, POINTER_MS);
  });
  hide();
}

/**
 * `<html data-unattended>` while nobody stands before the wall with a mouse, a keyboard or a
 * finger: from some minutes after the start, or after the last touch.
 */
export function noticeAttention() {
  const root = document.documentElement;
  let timer = 0;
  const attend = () => {
    delete root.dataset.unattended;
    clearTimeout(timer);
    timer = setTimeout(() => { root.dataset.unattended = ""; }, ATTENDED_MS);
  };
  for (const sign of ["pointermove", "pointerdown", "keydown"]) addEventListener(sign, attend);
  attend();
}

/** Call `onWake` after sleep, when the page is looked at again, and when the network is back. */
export function noticeSleep(onWake) {
  let last = performance.now();
  tick(() => {
    const at = performance.now();
    if (at - last > SLEPT_MS) onWake();
    last = at;
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) onWake(); });
  addEventListener("online", onWake);
}

/**
 * Reload when the server would now send another page than this one.
 * @param {string} page the fingerprint of this page
 * @param {() => Promise<unknown>} quiet settles when no gong rings
 */
export async function takeOverNewVersion(page, quiet) {
  const served = await servedPage();
  if (!served || served === page) return;
  await quiet();
  location.reload();
}

/** Once a night, when nothing is called, start with an empty memory. */
export function reloadNightly(mayReload) {
  let hasReloaded = timeOfDay(now()) === NIGHTLY_AT;
  return tick(async (at) => {
    const due = timeOfDay(at) === NIGHTLY_AT;
    if (!due) hasReloaded = false;
    if (!due || hasReloaded || !mayReload()) return;
    hasReloaded = true;
    // Only to a server that answers: a browser's error page never comes back by itself.
    if (await servedPage()) location.reload();
  });
}

async function servedPage() {
  try {
    const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
    return answer.ok ? answer.headers.get(PAGE_HEADER) : null;
  } catch {
    return null;
  }
}
