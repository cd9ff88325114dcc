// The board on the wall. `isNewer` and `arrange` are pure; `BoardView` puts a board on the page.

import { ageMs } from "/static/js/clock.js";

/** A call is marked as new for this long. */
export const NEW_MS = 20_000;

/** Height of the large call in rows, and the share of the height it keeps; as in calls.css. */
const LARGE_ROWS = 1.5;
const LARGE_LEAST = 0.26;
/** Width of a row in its own letters: a bell, "M 042", an arrow and "12". */
const ROW_LETTERS = 6.8;
/** The share of the width that "Als Nächstes" leaves to the rows. */
const BESIDE_NEXT = 0.7;
const MOST_COLUMNS = 4;
/** Characters that a sign of this size may have. */
const FITS = [["full", 3], ["half", 5], ["third", 10]];
/** From so many columns on there is no room for the next numbers beside them. */
const NEXT_GIVES_WAY_COLUMNS = 3;

/**
 * Whether this board may replace the one that is shown. Pushes and answers may overtake each
 * other; in whatever order they arrive, the wall ends at the highest version.
 * @param {{version: number}|null} shown
 * @param {{version: number}} board
 */
export function isNewer(shown, board) {
  return shown === null || board.version >= shown.version;
}

/**
 * How the calls under the large one are set: all of them, as large as possible.
 * @param {number} count standing calls, the large one included
 * @param {number} rows calls that the last chair can read at once
 * @param {{width: number, height: number}} box in any unit
 * @param {boolean} [hasNext] whether the next numbers stand beside the rows
 * @returns {{columns: number, slots: number}} slots is the rows of each column
 */
export function arrange(count, rows, box, hasNext = true) {
  const under = count - 1;
  if (under <= 0) return { columns: 1, slots: 0 };
  if (under < rows) return { columns: 1, slots: Math.max(under, Math.min(2, rows - 1)) };
  let best = { columns: 1, slots: under, letter: 0 };
  for (let columns = 1; columns <= MOST_COLUMNS; columns += 1) {
    const slots = Math.ceil(under / columns);
    const letter = letterSize(columns, slots, box, hasNext);
    if (letter > best.letter) best = { columns, slots, letter };
  }
  return { columns: best.columns, slots: best.slots };
}

function letterSize(columns, slots, { width, height }, hasNext) {
  const beside = hasNext && columns < NEXT_GIVES_WAY_COLUMNS ? BESIDE_NEXT : 1;
  const large = Math.max(LARGE_LEAST, LARGE_ROWS / (LARGE_ROWS + slots));
  return Math.min(height * (1 - large) / slots, width * beside / columns / ROW_LETTERS);
}

/**
 * A counter's name as it is set: a small word and a large sign.
 * @param {string} counter @returns {{word: string, sign: string}}
 */
export function placeOf(counter) {
  const cut = counter.lastIndexOf(" ");
  const sign = counter.slice(cut + 1);
  return /\d/.test(sign) ? { word: counter.slice(0, Math.max(0, cut)), sign }
    : { word: "", sign: counter };
}

/** How a sign is set: full size, smaller, or in lines. @param {string} sign */
export function fitOf(sign) {
  return FITS.find(([, most]) => sign.length <= most)?.[0] ?? "lines";
}

/** @param {{at: string}} call @param {number} [nowMs] */
export function isNew(call, nowMs) {
  return ageMs(call.at, nowMs) < NEW_MS;
}

/**
 * What runs at the foot: first why there are no numbers, unless that stands in the middle.
 * @param {{issuing: boolean, calls: object[], next: string[], notices: string[]}} board
 */
export function linesOf({ calls, next, notices, not_issuing: stop }) {
  const isSaidAbove = calls.length === 0 && next.length === 0;
  return stop && !isSaidAbove ? [stop.text, ...notices] : notices;
}

export class BoardView {
  #root;
  #rows = new Map();
  #board = null;

  /** @param {HTMLElement} root the element with `data-wall` */
  constructor(root) {
    this.#root = root;
    new ResizeObserver(() => this.#arrange()).observe(root.parentElement);
  }

  /** Put the whole board on the page; nothing of the one before it stays. */
  show(board) {
    this.#board = board;
    this.#showCalls(board.calls);
    this.#showNext(board.next);
    this.#showQuiet(board);
    this.#arrange();
    this.age();
  }

  /** Let marks of calls that are no longer new go; cheap, meant for every second. */
  age(nowMs) {
    for (const call of this.#board?.calls ?? []) {
      const row = this.#rows.get(call.call);
      const fresh = isNew(call, nowMs);
      row.toggleAttribute("data-new", fresh);
      say(row, "label", this.#label(call, fresh));
    }
  }

  #label(call, fresh) {
    const { label, labelNew, labelAgain } = this.#root.dataset;
    if (call.times > 1) return labelAgain;
    return fresh ? labelNew : label;
  }

  #showCalls(calls) {
    const standing = new Map(calls.map((call) => [call.call, this.#row(call)]));
    this.#rows = standing;
    reorder(part("rows"), [...standing.values()]);
    part("calls-table").hidden = calls.length === 0;
    part("quiet").hidden = calls.length > 0;
    this.#root.toggleAttribute("data-empty", calls.length === 0);
  }

  #row(call) {
    const row = this.#rows.get(call.call)
      ?? part("row").content.firstElementChild.cloneNode(true);
    const { word, sign } = placeOf(call.counter);
    // A recall begins its mark anew.
    if (row.dataset.times !== String(call.times)) row.removeAttribute("data-new");
    Object.assign(row.dataset, { call: call.call, times: call.times });
    say(row, "number", call.number);
    say(row, "word", word);
    say(row, "sign", sign);
    say(row, "way-words", this.#root.getAttribute(`data-way-${call.direction}`) ?? "");
    row.querySelector("[data-part=way]").dataset.way = call.direction;
    row.querySelector("[data-part=counter]").dataset.fit = fitOf(sign);
    return row;
  }

  /** Nobody is asked to wait when nobody waits and nobody can come. */
  #showQuiet({ issuing, next, not_issuing: stop }) {
    const isOver = !issuing && next.length === 0;
    part("closed").hidden = issuing;
    part("over-why").textContent = stop?.text ?? "";
    part("over").hidden = !isOver;
    part("wait").hidden = isOver;
  }

  #showNext(numbers) {
    part("next").hidden = numbers.length === 0;
    this.#root.toggleAttribute("data-alone", numbers.length === 0);
    part("next-list").replaceChildren(...numbers.map((number) => {
      const item = document.createElement("li");
      item.textContent = number;
      return item;
    }));
  }

  #arrange() {
    if (!this.#board) return;
    const { dataset, parentElement } = this.#root;
    const box = { width: parentElement.clientWidth, height: parentElement.clientHeight };
    const upright = box.height > box.width;
    const rows = Number(upright ? dataset.rowsUpright : dataset.rows);
    // In portrait the next numbers stand below and take no width.
    const hasNext = !upright && this.#board.next.length > 0;
    Object.assign(dataset, arrange(this.#board.calls.length, rows, box, hasNext));
  }
}

/** Move as few rows as possible: a moved element would begin its animation again. */
function reorder(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place]);
  });
}

function say(row, name, text) {
  const element = row.querySelector(`[data-part=${name}]`);
  if (element.textContent !== text) element.textContent = text;
}

function part(id) {
  return document.getElementById(id);
}
