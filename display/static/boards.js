// The boards of all sites that this wall shows, and what they are together. As boards.py does it.

/**
 * Whether this board may replace the one that is shown. Pushes and answers may overtake each
 * other; in whatever order they arrive, the wall ends at the highest version.
 * @param {{version: number}|null|undefined} shown
 * @param {{version: number}} board
 */
export function isNewer(shown, board) {
  return !shown || board.version >= shown.version;
}

export class Boards {
  #watched;
  #layout;
  #boards = new Map();

  /**
   * @param {{id: string, label: string, places: string[]|null}[]} watched the sites
   * @param {string} layout "calls_next", "calls" or "calls_information"
   */
  constructor(watched, layout) {
    this.#watched = watched;
    this.#layout = layout;
  }

  /** @returns {boolean} whether it was news */
  take(board) {
    const { site } = board;
    const isWatched = this.#watched.some(({ id }) => id === site);
    if (!isWatched || !isNewer(this.#boards.get(site), board)) return false;
    this.#boards.set(site, board);
    return true;
  }

  /** A server that came back may count anew: after a restored backup versions are lower. */
  forget() {
    this.#boards.clear();
  }

  /** @returns {object|null} null until every site was heard */
  joined() {
    const pairs = this.#watched.map((watched) => [watched, this.#boards.get(watched.id)]);
    return pairs.every(([, board]) => board) ? joined(pairs, this.#layout) : null;
  }
}

/**
 * All sites together, newest call first.
 * @param {[{label: string, places: string[]|null}, object][]} pairs
 * @param {string} layout
 */
export function joined(pairs, layout) {
  const stops = pairs.map(([, board]) => board.not_issuing ?? null);
  const calls = pairs.flatMap(callsOf);
  const next = layout === "calls_next" ? inTurns(pairs.map(nextOf)) : [];
  const issuing = stops.includes(null);
  const isOver = !issuing && calls.length === 0 && next.length === 0;
  const stop = issuing ? null : stops.reduce(sooner);
  const isClosed = isOver && stop.why === "closed";
  const notices = [...new Set(pairs.flatMap(([, board]) => board.notices))];
  const lines = isClosed ? [] : [...(isOver ? [] : pairs.flatMap(sentences)), ...notices];
  const [oldest] = pairs.map(([, { at }]) => at).sort((a, b) => Date.parse(a) - Date.parse(b));
  calls.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  return { at: oldest, calls, next, issuing, isOver, isClosed, stop, lines };
}

function callsOf([{ label, places }, { calls }]) {
  return calls.filter(({ counter }) => !places || places.includes(counter))
    .map((call) => ({ ...call, label }));
}

/** Who waits does not belong to an area yet. */
function nextOf([{ label, places }, { next }]) {
  return places ? [] : next.map((number) => ({ number, label }));
}

function inTurns(queues) {
  const longest = Math.max(...queues.map((queue) => queue.length));
  const turns = Array.from({ length: longest }, (_, turn) => queues.map((queue) => queue[turn]));
  return turns.flat().filter(Boolean);
}

function sentences([{ label }, { not_issuing: stop }]) {
  if (!stop) return [];
  return [label ? `${label}: ${stop.text}` : stop.text];
}

function sooner(one, other) {
  const [first, second] = [one, other].map(({ opens_at: at }) => (at ? Date.parse(at) : Infinity));
  return second < first ? other : one;
}
