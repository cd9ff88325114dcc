// The link is often opened on another device: as soon as the appointment is confirmed, or over,
// this page shows it, too.

import { SECOND_MS } from "../js/clock.js";

const ASK_EVERY_MS = 10 * SECOND_MS;
const { waiting: token, state } = document.querySelector("[data-waiting]").dataset;

async function look() {
  if (document.hidden) return;
  const answer = await fetch(`/api/v1/appointments/${encodeURIComponent(token)}`).catch(() => null);
  if (!answer?.ok) return;
  const found = await answer.json();
  if (found.state !== state) location.reload();
}

setInterval(look, ASK_EVERY_MS);
document.addEventListener("visibilitychange", look);
