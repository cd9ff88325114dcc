// When the kiosk itself can't read what is held before its camera, the server may try:
// only when there seems to be a code, or when somebody holds something still, and not often.

import { SECOND_MS } from "../js/clock.js";

/** What is brought to the camera moves; then it is held still for somebody to read it. */
const HELD_MS = 2.5 * SECOND_MS;
/** A code that can't be read at once often can a moment later. */
const UNREADABLE_MS = SECOND_MS;
const BETWEEN_MS = 4 * SECOND_MS;
const MOST_A_VISIT = 6;
/** After an answer other than "nothing to be read" the same thing is still before the camera. */
const ANSWERED_MS = 15 * SECOND_MS;
/** Mean change of brightness (0 to 255) from look to look; below it is a camera's own noise. */
const MOVING = 5;
const GRID = { width: 32, height: 24 };

let notBefore = 0;

export class SecondReader {
  #grid = Object.assign(document.createElement("canvas"), GRID)
    .getContext("2d", { willReadFrequently: true });
  #before = null;
  #asked = 0;
  /** Since the first look: a camera and a reader that take long to start have seen nothing. */
  #stillSince = 0;
  #unreadableSince = 0;
  /** Whether there is something new since the last try. */
  #isNew = true;

  /**
   * Look at what the kiosk could not read, or not wholly.
   * @param {HTMLVideoElement} video
   * @param {import("./reader.js").Seen} seen
   * @returns {boolean} whether it is time to ask
   */
  isWanted(video, { texts, isUnreadable }) {
    const now = performance.now();
    this.#watch(video, now);
    if (!isUnreadable) this.#unreadableSince = 0;
    else this.#unreadableSince ||= now;
    if (this.#asked >= MOST_A_VISIT || now < notBefore) return false;
    const isSuspected = isUnreadable && now - this.#unreadableSince >= UNREADABLE_MS;
    const isHeld = texts.length === 0 && now - this.#stillSince >= HELD_MS;
    return isSuspected || (isHeld && this.#isNew);
  }

  /** The server is being asked now. */
  asks() {
    this.#asked += 1;
    this.#isNew = false;
    notBefore = performance.now() + BETWEEN_MS;
  }

  /** It has read something: another page is coming. */
  answered() {
    notBefore = performance.now() + ANSWERED_MS;
  }

  #watch(video, now) {
    const { width, height } = GRID;
    this.#grid.drawImage(video, 0, 0, width, height);
    const { data } = this.#grid.getImageData(0, 0, width, height);
    if (!this.#before || change(data, this.#before) > MOVING) {
      this.#stillSince = now;
      this.#isNew = true;
    }
    this.#before = data;
  }
}

function change(pixels, before) {
  let sum = 0;
  // Green alone is near enough to brightness.
  for (let at = 1; at < pixels.length; at += 4) sum += Math.abs(pixels[at] - before[at]);
  return sum / (pixels.length / 4);
}
