// Proof of work while somebody reads the calendar: a worker looks for the number, the answer goes
// into the hidden fields of the forms. Without it the forms work as well, under stricter limits.

import { MINUTE_MS, SECOND_MS } from "../js/clock.js";
import { whileBusy } from "../js/form.js";

/** A challenge is good for ten minutes; a younger one is fetched before it ends. */
const RENEW_MS = 8 * MINUTE_MS;
/** Longer than this nobody waits for it after pressing a button. */
const PATIENCE_MS = 10 * SECOND_MS;
const forms = [...document.querySelectorAll("form[data-proof]")];
let current = { at: 0, answer: Promise.resolve("") };

/** Fetch a challenge and solve it; an empty answer when that does not work out. */
async function solve(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return "";
  return inWorker(await answer.json());
}

function inWorker(challenge) {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./proof-worker.js", import.meta.url), { type: "module" });
    const end = (number) => {
      worker.terminate();
      resolve(number === undefined ? "" : written(challenge, number));
    };
    worker.addEventListener("message", ({ data }) => end(data));
    worker.addEventListener("error", () => end(undefined));
    worker.postMessage(challenge);
  });
}

/** The usual answer of ALTCHA: base64 of its JSON. */
function written({ algorithm, challenge, salt, signature }, number) {
  return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}

function fill(answer) {
  for (const form of forms) {
    form.elements.proof.value = answer;
    form.dataset.proofReady = String(answer !== "");
  }
}

/** Begin anew: with a young challenge, and with no answer until it is there. */
function renew() {
  fill("");
  const answer = solve(forms[0].dataset.proof);
  current = { at: Date.now(), answer };
  answer.then((found) => { if (current.answer === answer) fill(found); });
}

function isOld() {
  return Date.now() - current.at > RENEW_MS;
}

/** A press that comes before the answer waits for it, and is then repeated. */
async function waitThenSend(form, submitter) {
  await whileBusy(submitter, async () => {
    if (isOld()) renew();
    await Promise.race([current.answer, pause(PATIENCE_MS)]);
    // Only after the event is over does form.js know that nothing was sent.
    await pause(0);
  });
  form.dataset.waited = "true";
  form.requestSubmit(submitter);
}

function pause(ms) {
  return new Promise((end) => { setTimeout(end, ms); });
}

function guard(form) {
  let isWaiting = false;
  form.addEventListener("submit", (event) => {
    const isReady = form.elements.proof.value !== "" && !isOld();
    if (isReady || form.dataset.waited === "true") return;
    event.preventDefault();
    if (!isWaiting) waitThenSend(form, event.submitter);
    isWaiting = true;
  });
  addEventListener("pageshow", () => { isWaiting = false; delete form.dataset.waited; });
}

function mount() {
  for (const form of forms) guard(form);
  renew();
  // "Back" may show the page with the proof that was spent a moment ago.
  addEventListener("pageshow", ({ persisted }) => { if (persisted) renew(); });
  setInterval(() => { if (isOld() && !document.hidden) renew(); }, MINUTE_MS);
}

// Where nothing is free there is no form either.
if (forms.length > 0) mount();
