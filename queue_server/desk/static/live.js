// A part of a side page that keeps itself fresh: <div data-part data-live="/address" data-version>.
// It is fetched anew when the site has moved on, never under the hands of somebody who is filling
// in a form in it; whoever stood on a button of it stands on the same one again.

const HEADERS = { "X-Aufruf-Part": "1" };
const ANSWER_WITHIN_MS = 15_000;
const AT_MOST_EVERY_MS = 2_000;

let askedAt = 0;
let waiting = 0;

/** Links with data-live-show change what the part shows, without a new page. */
export function mountLive() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-live-show]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    renew(link.closest("[data-live]"), link.getAttribute("href"));
  });
}

/** The site is at this version now. @param {number} version */
export function renewOlderThan(version) {
  soon((part) => Number(part.dataset.version) < version);
}

/** Time alone makes people late. */
export function renewAll() {
  soon(() => true);
}

/** Many pushes a second are one look. */
function soon(isOld) {
  if (!parts().some(isOld)) return;
  clearTimeout(waiting);
  const waitMs = Math.max(0, askedAt + AT_MOST_EVERY_MS - Date.now());
  waiting = setTimeout(() => {
    askedAt = Date.now();
    for (const part of parts().filter(isOld)) {
      if (isFilledIn(part)) soon(isOld);
      else renew(part);
    }
  }, waitMs);
}

function parts() {
  return [...document.querySelectorAll("[data-live]")];
}

function isFilledIn(part) {
  const typed = [...part.querySelectorAll("input:not([type=hidden]), textarea")]
    .some((field) => field.value !== field.defaultValue);
  return typed || part.querySelector("details[open]") !== null;
}

async function renew(part, path = part.dataset.live) {
  const answer = await ask(path);
  const fresh = answer?.querySelector(`[data-part="${part.dataset.part}"]`);
  if (!fresh || !part.isConnected) return;
  // A newer look that was quicker must not be overwritten by an older one.
  if (Number(fresh.dataset.version) < Number(part.dataset.version)) return;
  part.dataset.version = fresh.dataset.version;
  if (!part.isEqualNode(fresh)) replace(part, fresh);
}

async function ask(path) {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(path, { headers: HEADERS, signal });
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return null;
  }
}

function replace(old, fresh) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = old.querySelector(".table-scroll")?.scrollTop ?? 0;
  old.replaceWith(fresh);
  fresh.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
  if (scrolled) fresh.querySelector(".table-scroll")?.scrollTo(0, scrolled);
  if (held) placeFor(held, fresh)?.focus({ preventScroll: true });
}

/** The same button; a row that has lost it still has another; a row that has gone, the filter. */
function placeFor(held, fresh) {
  const row = held.closest("[data-row]")?.dataset.row;
  return (held.id && fresh.querySelector(`#${CSS.escape(held.id)}`))
    || (row && fresh.querySelector(`[data-row="${CSS.escape(row)}"] :is(a, button)`))
    || fresh.querySelector("[aria-current]");
}
