// The office: the overview keeps itself fresh, lists are printed.

import { tick } from "/static/js/clock.js";
import "/static/js/form.js";
import { connect } from "/static/js/link.js";

const FRESH_EVERY_MS = 10_000;
const ANSWER_WITHIN_MS = 8_000;

const shown = () => document.querySelector("[data-state]");

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
if (shown()) {
  connect({ onUp: refresh });
  tick(refresh, FRESH_EVERY_MS);
}

async function refresh() {
  const fresh = await fetched("/office/state");
  const old = shown();
  if (!fresh || old.isEqualNode(fresh)) return;
  const held = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceWith(fresh);
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
}

/** The state as it is now; null when the server is silent, which the banner says. */
async function fetched(path) {
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    // The session has ended, here or in another window.
    if (new URL(response.url).pathname === "/login") location.assign("/login?next=/office");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("[data-state]");
  } catch {
    return null;
  }
}
