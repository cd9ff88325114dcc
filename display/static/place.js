// A counter's name as the wall sets it: what is a number becomes a large sign. As place.py does it.

/** "3", "104a", "204 a": longer ones are names. */
const LONGEST_SIGN = 8;
/** Characters that a sign of this size may have, until it was measured. */
const FITS = [["full", 3], ["half", 5], ["third", 10]];
const MOST_LINES = 4;
const SOFT_HYPHEN = "\u00ad";
/** What is measured, in this size of the sign's own type. */
const PROBE_PX = 100;
const STEPS = 12;

const measured = new Map();
let pen = null;

/**
 * The sign begins at the first word with a digit; a name without one is a sign as a whole.
 * @param {string} counter @returns {{word: string, sign: string}}
 */
export function placeOf(counter) {
  const words = counter.split(" ");
  const first = words.findIndex((word) => /\d/.test(word));
  const sign = first < 0 ? counter : words.slice(first).join(" ");
  if (first < 0 || sign.length > LONGEST_SIGN) return { word: "", sign: counter };
  return { word: words.slice(0, first).join(" "), sign };
}

/** How a sign is set before it was measured. @param {string} sign */
export function fitOf(sign) {
  return FITS.find(([, most]) => sign.length <= most)?.[0] ?? "lines";
}

/**
 * The least widths in which a text takes one line, two lines and so on; in its own size. From
 * them CSS reckons how large it can be in a box of any shape.
 * @param {string} text with soft hyphens where it may break
 * @param {(text: string) => number} widthOf the width of a piece of text
 * @returns {number[]} as many as there may be lines, never growing
 */
export function lineWidths(text, widthOf) {
  const words = text.split(" ").map((word) => word.split(SOFT_HYPHEN));
  const whole = widthOf(text.replaceAll(SOFT_HYPHEN, ""));
  const widest = Math.max(...words.flat().map((piece) => widthOf(`${piece}-`)));
  const widths = [whole];
  for (let lines = 2; lines <= MOST_LINES; lines += 1) {
    widths.push(leastWidth(words, lines, widthOf, Math.min(widest, whole), widths.at(-1)));
  }
  return widths;
}

function leastWidth(words, lines, widthOf, low, high) {
  let [tooNarrow, wide] = [low, high];
  if (lineCount(words, low, widthOf) <= lines) return low;
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (tooNarrow + wide) / 2;
    if (lineCount(words, middle, widthOf) <= lines) wide = middle;
    else tooNarrow = middle;
  }
  return wide;
}

/** Lines as a browser breaks them: as much as fits into each. */
function lineCount(words, width, widthOf) {
  let [count, line] = [1, ""];
  const put = (piece, joint, isLast) => {
    const fits = line === "" || widthOf(line + joint + piece + (isLast ? "" : "-")) <= width;
    if (!fits) count += 1;
    line = fits ? line + joint + piece : piece;
  };
  for (const pieces of words) {
    pieces.forEach((piece, place) => {
      put(piece, place === 0 && line !== "" ? " " : "", place === pieces.length - 1);
    });
  }
  return count;
}

/**
 * Tell CSS how wide the text of this element is in one to four lines (`--w1` to `--w4`, in em).
 * Asks no layout: a pen beside the page measures.
 * @param {HTMLElement} element
 * @param {boolean} [isWhole] whether it stays on one line
 */
export function fit(element, isWhole = false) {
  widthsOf(element, isWhole).forEach((width, place) => {
    element.style.setProperty(`--w${place + 1}`, width);
  });
  element.dataset.measured = "";
}

/** Fit the sign of a place, and leave room for its word. @param {HTMLElement} place */
export function fitPlace(place) {
  const word = place.querySelector("[data-part=word]");
  // Beside a word the sign is a number, "204 a", and never broken.
  fit(place.querySelector("[data-part=sign]"), word.textContent !== "");
  place.style.setProperty("--word", widthsOf(word)[0]);
}

/** What was measured before the typeface was there is of another one. */
export function forgetWidths() {
  measured.clear();
  pen = newPen();
}

function widthsOf(element, isWhole = false) {
  const words = element.textContent.trim();
  const text = isWhole ? words.replaceAll(" ", "\u00a0") : words;
  if (!measured.has(text)) measured.set(text, lineWidths(text, pen ??= newPen()));
  return measured.get(text);
}

function newPen() {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  const { fontFamily } = getComputedStyle(document.documentElement);
  context.font = `750 ${PROBE_PX}px ${fontFamily}`;
  // Figures are set in one width, which is that of the zero; a little more than measured is safe.
  return (text) => 1.02 * context.measureText(text.replace(/\d/g, "0")).width / PROBE_PX;
}
