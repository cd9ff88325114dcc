// The button "tell me when I am called": the phone is told with the page closed, until it is
// switched off or the visit ends.

import { keep, kept } from "./kept.js";

const HEADERS = { "Content-Type": "application/json" };
const part = document.querySelector("[data-push]");
const address = (token) => `/api/v1/tickets/${encodeURIComponent(token)}/push`;

/**
 * Offer the button where the office and the browser can.
 * @param {string} token
 * @param {Promise<ServiceWorkerRegistration|undefined>} worker
 * @param {() => void} onOffered the button may be shown from now on
 */
export async function mountPush(token, worker, onOffered) {
  const manager = part && "Notification" in globalThis ? (await worker)?.pushManager : undefined;
  if (!manager || Notification.permission === "denied") return;
  const button = part.querySelector("button");
  const show = (isOn) => {
    button.setAttribute("aria-pressed", String(isOn));
    part.querySelector("[data-push-on]").hidden = !isOn;
    part.querySelector("[data-push-off]").hidden = isOn;
  };
  const isOn = () => button.getAttribute("aria-pressed") === "true";
  button.addEventListener("click", async () => {
    button.disabled = true;
    const done = await (isOn() ? switchOff(token) : switchOn(token, manager));
    part.querySelector("[data-push-refused]").hidden = done;
    if (done) show(!isOn());
    button.disabled = false;
  });
  show(await isStillOn(token, manager));
  part.dataset.when = part.dataset.pushWhen;
  onOffered();
}

/** Said anew at every start: the server may have been restored from a backup meanwhile. */
async function isStillOn(token, manager) {
  const subscription = await manager.getSubscription().catch(() => null);
  if (!subscription || !(await kept(token))?.isTold) return false;
  return subscribe(token, subscription);
}

async function switchOn(token, manager) {
  try {
    if (await Notification.requestPermission() !== "granted") return false;
    const subscription = await subscriptionOf(manager, bytesOf(part.dataset.push));
    const done = await subscribe(token, subscription);
    if (done) await keep(token, { isTold: true });
    return done;
  } catch {
    return false;
  }
}

async function switchOff(token) {
  const answer = await fetch(address(token), { method: "DELETE" }).catch(() => null);
  if (answer?.ok) await keep(token, { isTold: false });
  return answer?.ok ?? false;
}

async function subscribe(token, subscription) {
  const language = document.documentElement.lang;
  const body = JSON.stringify({ ...subscription.toJSON(), language });
  const asked = { method: "PUT", headers: HEADERS, body };
  return (await fetch(address(token), asked).catch(() => null))?.ok ?? false;
}

/** What was made for another key of this office is of no use. */
async function subscriptionOf(manager, key) {
  const known = await manager.getSubscription();
  const knownKey = known?.options?.applicationServerKey;
  if (known && knownKey && !isSame(new Uint8Array(knownKey), key)) await known.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function isSame(one, two) {
  return one.length === two.length && one.every((byte, place) => byte === two[place]);
}

function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
