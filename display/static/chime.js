// Which calls ring: each call once, each recall once, and none that is older than 30 seconds.
// After an outage, a restart or a reload the wall therefore never rings for old news.

import { ageMs } from "/static/js/clock.js";

export const RINGS_FOR_MS = 30_000;
/** Longer than any call may ring, so that forgetting one can't let it ring again. */
const REMEMBER_MS = 10 * RINGS_FOR_MS;
/** Survives a reload of this page, and only that; holds ids of calls, nothing else. */
const MEMORY = "aufruf.rung";

export class Chime {
  #rung;
  #storage;

  /** @param {Storage|null} [storage] where to remember over a reload of the page */
  constructor(storage = null) {
    this.#storage = storage;
    this.#rung = new Map(remembered(storage));
  }

  /**
   * The calls that ring now, oldest first; each is given once.
   * @param {{call: number, times: number, at: string}[]} calls the standing calls
   * @param {number} nowMs the server's time
   */
  due(calls, nowMs) {
    const due = calls.filter((call) => !this.#rung.has(key(call))
      && ageMs(call.at, nowMs) < RINGS_FOR_MS);
    for (const call of calls) if (!this.#rung.has(key(call))) this.#rung.set(key(call), nowMs);
    this.#forget(calls, nowMs);
    return due.reverse();
  }

  #forget(calls, nowMs) {
    const standing = new Set(calls.map(key));
    for (const [known, atMs] of this.#rung) {
      if (!standing.has(known) && nowMs - atMs > REMEMBER_MS) this.#rung.delete(known);
    }
    this.#storage?.setItem(MEMORY, JSON.stringify([...this.#rung]));
  }
}

/** The time belongs to it: a restored database may give the same id to another call. */
function key({ call, times, at }) {
  return `${call}/${times}/${at}`;
}

function remembered(storage) {
  try {
    return JSON.parse(storage?.getItem(MEMORY) ?? "[]");
  } catch {
    return [];
  }
}
