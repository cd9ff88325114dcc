// The board on the wall: `BoardView` puts what all sites together show on the page.

import { ageMs } from "/static/js/clock.js";
import { arrange } from "./arrange.js";
import { fitOf, fitPlace, forgetWidths, placeOf } from "./place.js";

/** A call is marked as new for this long. */
export const NEW_MS = 20_000;

/** @param {{at: string}} call @param {number} [nowMs] */
export function isNew(call, nowMs) {
  return ageMs(call.at, nowMs) < NEW_MS;
}

export class BoardView {
  #root;
  #sayings;
  #rows = new Map();
  #board = null;
  #box;

  /**
   * @param {HTMLElement} root the element with `data-wall`
   * @param {import("./sayings.js").Sayings} sayings
   */
  constructor(root, sayings) {
    this.#root = root;
    this.#sayings = sayings;
    this.#box = sizeOf(root.parentElement);
    // The observer tells the size, so that no board has to ask for a layout.
    new ResizeObserver(([{ contentRect }]) => {
      this.#box = contentRect;
      this.#arrange();
    }).observe(root.parentElement);
    document.fonts.ready.then(() => {
      forgetWidths();
      for (const place of root.querySelectorAll(".call__place")) fitPlace(place);
    });
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
      this.#sayings.put(part(row, "label"), this.#label(call, fresh));
    }
  }

  /** The language of the wall has changed. */
  repeat() {
    if (!this.#board) return;
    for (const call of this.#board.calls) this.#row(call);
    this.#showQuiet(this.#board);
    this.age();
  }

  #label(call, fresh) {
    if (call.times > 1) return this.#sayings.say("calledAgain");
    return this.#sayings.say(fresh ? "calledNow" : "called");
  }

  #showCalls(calls) {
    const standing = new Map(calls.map((call) => [call.call, this.#row(call)]));
    this.#rows = standing;
    reorder(byId("rows"), [...standing.values()]);
    byId("calls-table").hidden = calls.length === 0;
    byId("quiet").hidden = calls.length > 0;
    this.#root.toggleAttribute("data-empty", calls.length === 0);
  }

  #row(call) {
    const row = this.#rows.get(call.call)
      ?? byId("row").content.firstElementChild.cloneNode(true);
    const { text, lang } = this.#sayings.counter(call.counter);
    const { word, sign } = placeOf(text);
    // A recall begins its mark anew.
    if (row.dataset.times !== String(call.times)) row.removeAttribute("data-new");
    Object.assign(row.dataset, { call: call.call, times: call.times });
    sayNumber(part(row, "number"), call.number);
    say(part(row, "site"), call.label);
    const hasMoved = [say(part(row, "word"), word), say(part(row, "sign"), sign)].includes(true);
    if (hasMoved) fitPlace(row.lastElementChild);
    // Word and sign stand where they do in every language, whatever its direction.
    part(row, "counter").lang = lang;
    say(part(row, "way-words"), this.#root.getAttribute(`data-way-${call.direction}`) ?? "");
    part(row, "way").dataset.way = call.direction;
    part(row, "counter").dataset.fit = fitOf(sign);
    return row;
  }

  /** Nobody is asked to wait when nobody waits and nobody can come. */
  #showQuiet({ issuing, isOver, isClosed, stop }) {
    byId("stopped").hidden = issuing || isClosed;
    byId("wait").hidden = isOver;
    byId("over").hidden = !isOver || isClosed;
    byId("closed").hidden = !isClosed;
    say(byId("over-why"), stop?.text ?? "");
    this.#sayings.put(byId("again"), this.#sayings.again(stop?.opens_at));
    this.#root.toggleAttribute("data-closed", isClosed);
  }

  #showNext(next) {
    byId("next").hidden = next.length === 0;
    this.#root.toggleAttribute("data-alone", next.length === 0 && !byId("info"));
    byId("next-list").replaceChildren(...next.map(({ number, label }) => {
      const item = document.createElement("li");
      sayNumber(item, number);
      if (label) item.append(" ", element("small", label));
      return item;
    }));
  }

  #arrange() {
    if (!this.#board) return;
    const { dataset } = this.#root;
    const upright = this.#box.height > this.#box.width;
    const rows = Number(upright ? dataset.rowsUpright : dataset.rows);
    // In portrait the next numbers stand below and take no width.
    const hasSide = !upright && !("alone" in dataset);
    const { columns, slots } = arrange(this.#board.calls.length, rows, this.#box, hasSide);
    // Writing an attribute that stays the same would still cost a reckoning of styles.
    if (dataset.columns !== String(columns)) dataset.columns = columns;
    if (dataset.slots !== String(slots)) dataset.slots = slots;
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

/** The letter has a column of its own, so that digits stand under each other. */
function sayNumber(parent, number) {
  if (parent.textContent === number) return;
  const cut = number.lastIndexOf(" ");
  const [letter, figures] = [number.slice(0, Math.max(0, cut)), number.slice(cut + 1)];
  parent.replaceChildren(element("span", letter, "letter"), " ", element("span", figures, "figures"));
}

/** @returns {boolean} whether it was something else before */
function say(place, text) {
  if (place.textContent === text) return false;
  place.textContent = text;
  return true;
}

function element(tag, text, name = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}

function sizeOf({ clientWidth: width, clientHeight: height }) {
  return { width, height };
}

function part(row, name) {
  return row.querySelector(`[data-part=${name}]`);
}

function byId(id) {
  return document.getElementById(id);
}
