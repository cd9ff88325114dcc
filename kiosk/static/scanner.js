// A hand scanner is a very fast keyboard. It is heard on every page and wherever the focus is;
// what it typed is passed on as it came, since the server understands links, bare codes and the
// signs that another keyboard layout makes of them.

const SHORTEST_SCAN = 9;
/** On average; people need at least 60 ms a key, scanners some 5 to 30. */
const FASTEST_HAND_MS = 50;
/** A longer pause begins a new text; a shorter one may be a radio scanner that had to repeat. */
const PAUSE_MS = 1000;
/** Some scanners send no Enter: then silence after a whole code ends it. */
const SILENCE_MS = 150;
const ENDS = new Set(["Enter", "Tab"]);
const WHOLE_CODE = /(?:^|termin[^0-9a-z]+)(?:[0-9a-z]{3}[^0-9a-z]?){2}[0-9a-z]{3}$/i;

/** @param {(text: string) => void} onScan gets the scanned text */
export function listenForScans(onScan) {
  const keys = new Keys();
  let silence = 0;
  const finish = () => { const text = keys.take(); onScan(text); };
  addEventListener("keydown", (event) => {
    clearTimeout(silence);
    if (ENDS.has(event.key) && keys.areScanned()) {
      // Enter must not press whatever happens to have the focus.
      event.preventDefault();
      event.stopImmediatePropagation();
      finish();
      return;
    }
    keys.add(event);
    silence = setTimeout(() => { if (keys.areWholeCode()) finish(); }, SILENCE_MS);
  }, { capture: true });
}

class Keys {
  #text = "";
  #firstAt = 0;
  #lastAt = 0;

  add({ key, timeStamp }) {
    // "Shift" and the like are keys, too; a dead key (^, ´) stands for some sign.
    const sign = key === "Dead" ? "^" : key;
    if (sign.length !== 1) return;
    if (timeStamp - this.#lastAt > PAUSE_MS) this.#text = "";
    if (!this.#text) this.#firstAt = timeStamp;
    this.#text += sign;
    this.#lastAt = timeStamp;
  }

  areScanned() {
    const averageMs = (this.#lastAt - this.#firstAt) / (this.#text.length - 1);
    return this.#text.length >= SHORTEST_SCAN && averageMs < FASTEST_HAND_MS;
  }

  areWholeCode() {
    return this.areScanned() && WHOLE_CODE.test(this.#text);
  }

  take() {
    const text = this.#text;
    this.#text = "";
    return text;
  }
}
