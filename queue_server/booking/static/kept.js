// The last state of the own ticket, for the time when the line is gone. It is kept under a hash of
// the address's secret, so that whoever finds it can't open the ticket, and until the visit ends.

import { MINUTE_MS } from "../js/clock.js";

const DATABASE = "aufruf-ticket";
const STORE = "states";
/** No visit lasts longer: what a phone could not forget at the end goes when it looks again. */
const KEPT_MS = 12 * 60 * MINUTE_MS;

/**
 * @typedef {{id?: string, at: number, number: string, lines: string[], isTold?: boolean}} Kept
 */

/** Whether this browser keeps anything: it must be https (or this machine itself). */
const isAble = globalThis.isSecureContext === true && "indexedDB" in globalThis;

/**
 * Keep what is new of this ticket beside what was known before.
 * @param {string} token
 * @param {Partial<Kept>} news
 */
export async function keep(token, news) {
  const id = await hashed(token);
  await inStore("readwrite", async (store) => {
    const before = await answerOf(store.get(id));
    store.put({ at: Date.now(), ...before, ...news, id });
  });
}

/** @param {string} token @returns {Promise<Kept|undefined>} */
export async function kept(token) {
  const id = await hashed(token);
  return (await allKept()).find((each) => each.id === id);
}

/** What is not too old, the newest first; the rest is forgotten. @returns {Promise<Kept[]>} */
export async function allKept() {
  const found = await inStore("readwrite", async (store) => {
    const all = await answerOf(store.getAll());
    for (const each of all) if (isOld(each)) store.delete(each.id);
    return all;
  });
  return (found ?? []).filter((each) => !isOld(each)).sort((one, two) => two.at - one.at);
}

/** Nothing of this ticket any more. @param {string} token */
export async function forget(token) {
  const id = await hashed(token);
  await inStore("readwrite", async (store) => store.delete(id));
}

function isOld({ at }) {
  return Date.now() - at > KEPT_MS;
}

async function hashed(token) {
  if (!isAble) return "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One after the other: what is forgotten last must not be kept by what began before. */
let queue = Promise.resolve();

function inStore(mode, work) {
  queue = queue.then(() => withStore(mode, work));
  return queue;
}

/** Private windows may refuse: then nothing is kept, and everything else works. */
async function withStore(mode, work) {
  if (!isAble) return undefined;
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
    const database = await answerOf(opening);
    try {
      return await work(database.transaction(STORE, mode).objectStore(STORE));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
