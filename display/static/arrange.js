// How many calls stand below each other, and how large; pure. The shares are those of calls.css.

/** Height of the large call in rows, and the share of the height it keeps. */
const LARGE_ROWS = 1.5;
const LARGE_LEAST = 0.26;
/** Width of a row in its own letters: a bell, "M 042", an arrow and "12". */
const ROW_LETTERS = 6.8;
/** The share of the width that the next numbers, or a page of information, leave to the rows. */
const BESIDE = 0.7;
const MOST_COLUMNS = 4;
/** From so many columns on there is no room for anything beside them. */
const SIDE_GIVES_WAY_COLUMNS = 3;

/**
 * How the calls under the large one are set: all of them, as large as possible.
 * @param {number} count standing calls, the large one included
 * @param {number} rows calls that the last chair can read at once
 * @param {{width: number, height: number}} box in any unit
 * @param {boolean} [hasSide] whether something stands beside the rows
 * @returns {{columns: number, slots: number}} slots is the rows of each column
 */
export function arrange(count, rows, box, hasSide = true) {
  const under = count - 1;
  if (under <= 0) return { columns: 1, slots: 0 };
  if (under < rows) return { columns: 1, slots: Math.max(under, Math.min(2, rows - 1)) };
  let best = { columns: 1, slots: under, letter: 0 };
  for (let columns = 1; columns <= MOST_COLUMNS; columns += 1) {
    const slots = Math.ceil(under / columns);
    const letter = letterSize(columns, slots, box, hasSide);
    if (letter > best.letter) best = { columns, slots, letter };
  }
  return { columns: best.columns, slots: best.slots };
}

function letterSize(columns, slots, { width, height }, hasSide) {
  const beside = hasSide && columns < SIDE_GIVES_WAY_COLUMNS ? BESIDE : 1;
  const large = Math.max(LARGE_LEAST, LARGE_ROWS / (LARGE_ROWS + slots));
  return Math.min(height * (1 - large) / slots, width * beside / columns / ROW_LETTERS);
}
