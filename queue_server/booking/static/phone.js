// What this phone does for the ticket beside its page: it keeps the last state for the time without
// a line, and is told of the call when the page is closed. All of it ends with the visit.

import { allKept, forget, keep } from "./kept.js";

/** @type {Promise<ServiceWorkerRegistration|undefined>} */
let worker;

/**
 * The worker that shows the last state, and messages. Browsers allow one on https and localhost.
 * @param {string} address of its script, with the version
 */
export function employ(address) {
  worker ??= (async () => {
    const workers = navigator.serviceWorker;
    await workers?.register(address, { scope: "/t/" });
    return workers?.ready;
  })().catch(() => undefined);
  return worker;
}

/**
 * The state as it stands on the page now.
 * @param {string} token
 * @param {HTMLElement} root
 */
export function remember(token, root) {
  const { documentElement: page } = document;
  const shown = root.querySelector(".ticket__state:not([hidden])");
  return keep(token, {
    at: Date.now(),
    number: root.querySelector("[data-number]").textContent,
    lines: shown.innerText.split("\n").filter(Boolean),
    label: root.querySelector(".ticket__label").textContent,
    banner: document.querySelector("[data-banner]").textContent,
    age: document.querySelector("[data-age]").dataset.age,
    words: root.dataset.words,
    zone: page.dataset.zone,
    language: page.lang,
    direction: page.dir,
  });
}

/** The visit has ended, or nobody knows the ticket: nothing of it stays here. */
export async function letGo(token) {
  await forget(token);
  const registration = await navigator.serviceWorker?.getRegistration("/t/").catch(() => null);
  if (!registration) return;
  const number = document.querySelector("[data-number]")?.textContent;
  const shown = await registration.getNotifications().catch(() => []);
  for (const each of shown) if (!number || each.tag === number) each.close();
  if ((await allKept()).some(({ isTold }) => isTold)) return;
  const subscription = await registration.pushManager?.getSubscription().catch(() => null);
  await subscription?.unsubscribe();
}
