// A page as a list of things to hear: headings, paragraphs, and whatever can be chosen, in order.

const STOPS = `h1, h2, h3, legend, p, li, address, figcaption, .kiosk-title, a[href], button, summary,
  label.choice, input:not([type=hidden]), select, [role=img]`;
const CONTROLS = "a[href], button, summary, label.choice, input, select";
/** Said through the frame, or for the eye alone. */
const SILENT = "[hidden], [aria-hidden=true], .print-only, .kiosk-spoken, dialog:not([open])";
/** Characters that a new page says by itself; the server speaks no more at once than 450. */
const LONGEST_OPENING = 400;

/** @returns {HTMLElement[]} what can be heard now; an open question is all there is */
export function stops() {
  const dialog = document.querySelector("dialog[open]");
  const around = dialog ? [dialog] : [document.querySelector("[data-page]"), aids()];
  return around.filter(Boolean).flatMap((each) => stopsIn(each));
}

/**
 * What a new page says by itself: where one is, and all that is told before the first choice. A
 * refusal or an answer further down takes the place of what stands between it and the heading.
 * @returns {HTMLElement[]}
 */
export function opening() {
  const all = stopsIn(document.querySelector("[data-page]"));
  const told = document.querySelector("[data-page] [data-focus]");
  const from = Math.max(1, all.findIndex((each) => told?.contains(each)));
  const [heading, ...rest] = [...all.slice(0, 1), ...all.slice(from)];
  const choice = rest.findIndex(isControl);
  return shortened([heading, ...rest.slice(0, choice < 0 ? rest.length : choice)]);
}

function shortened(stops) {
  let left = LONGEST_OPENING;
  return stops.filter((each) => (left -= nameOf(each).length) > 0);
}

/** @returns {boolean} whether Enter does something here */
export function isControl(stop) {
  return stop.matches(CONTROLS);
}

/** @returns {HTMLElement} what takes the focus: the box within a label */
export function focusable(stop) {
  return stop.matches("label.choice") ? stop.querySelector("input") : stop;
}

/**
 * What is said of a stop.
 * @param {HTMLElement} stop
 * @param {DOMStringMap} words with `press`, `ticked`, `unticked`, `expand`, `collapse`,
 *   `field`, each with {text}
 */
export function textOf(stop, words) {
  const text = nameOf(stop);
  const pattern = words[kindOf(stop)];
  return pattern ? pattern.replace("{text}", text) : text;
}

/** @returns {string} the language of its words */
export function languageOf(stop) {
  const within = stop.querySelector("[lang]");
  const isAll = within && plain(within.textContent) === plain(stop.textContent);
  return (isAll ? within : stop.closest("[lang]")).lang;
}

function stopsIn(box) {
  const found = [...box.querySelectorAll(STOPS)].filter(isHeard);
  return found.filter((each) => !found.some((other) => other !== each && other.contains(each)));
}

function isHeard(stop) {
  return stop.checkVisibility() && !stop.closest(SILENT) && nameOf(stop) !== "";
}

function kindOf(stop) {
  const box = stop.matches("label.choice") ? stop.querySelector("input") : null;
  if (box) return box.checked ? "ticked" : "unticked";
  if (stop.matches("[aria-pressed=true]")) return "ticked";
  if (stop.matches("summary")) return stop.parentElement.open ? "collapse" : "expand";
  if (stop.matches("input, select")) return "field";
  return isControl(stop) ? "press" : "";
}

function nameOf(stop) {
  const label = stop.getAttribute("aria-label") ?? stop.labels?.[0]?.textContent;
  return plain(label ?? heardText(stop));
}

/** Its words with lines as they are shown, and without what is for the eye alone within it. */
function heardText(stop) {
  const unheard = [...stop.querySelectorAll("[aria-hidden=true]")].filter(hasWords);
  for (const each of unheard) each.hidden = true;
  const text = stop.innerText;
  for (const each of unheard) each.hidden = false;
  return text;
}

function hasWords(element) {
  return element.textContent.trim() !== "" && !element.hidden;
}

/** Without soft hyphens, and a pause where a line ends. */
function plain(text) {
  return text.replaceAll("\u00ad", "").split("\n").map((line) => line.trim().replace(/\s+/g, " "))
    .filter(Boolean).join(". ").replace(/([.!?:,])\. /g, "$1 ");
}

function aids() {
  return document.getElementById("aids");
}
