// What becomes of the letter is said within seconds. And its link is often opened on another device:
// as soon as the appointment is confirmed, or over, this page shows it, too.

import { SECOND_MS } from "../js/clock.js";

const ASK_EVERY_MS = 10 * SECOND_MS;
// A mail server mostly takes the letter within a second or two.
const LETTER_MS = [1, 2, 4, 7].map((seconds) => seconds * SECOND_MS);
const { waiting: token, state } = document.querySelector("[data-waiting]").dataset;
const letter = document.querySelector("[data-letter]");

async function look() {
  if (document.hidden) return;
  await lookForLetter();
  const answer = await fetch(`/api/v1/appointments/${encodeURIComponent(token)}`).catch(() => null);
  if (!answer?.ok) return;
  const found = await answer.json();
  if (found.state !== state) location.reload();
}

/** The same page again, of which only the sentence about the letter is taken. */
async function lookForLetter() {
  if (letter.dataset.isOpen !== "true") return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("[data-letter]");
  if (now === null) return;
  letter.dataset.isOpen = now.dataset.isOpen;
  // Only what is new is read out.
  if (letter.textContent !== now.textContent) letter.textContent = now.textContent;
}

for (const later of LETTER_MS) setTimeout(lookForLetter, later);
setInterval(look, ASK_EVERY_MS);
document.addEventListener("visibilitychange", look);
