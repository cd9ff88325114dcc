// What is known of the own ticket. Messages come from two sides, the ticket's own and the one
// that all phones of the site share; only newer ones replace what is known.

/** @typedef {{number: string, state: string, calls: number, counter?: string,
 *   counter_name?: string, bound_to?: string, place?: number, low_minutes?: number,
 *   high_minutes?: number, likely_minutes?: number, coming?: boolean, postponed?: boolean,
 *   version?: number}} Ticket */

export class OwnTicket {
  #version = 0;
  #ticket;

  /** @param {Ticket} ticket what the page was delivered with */
  constructor(ticket) {
    this.#ticket = ticket;
  }

  /** @returns {Ticket} */
  get ticket() {
    return this.#ticket;
  }

  /**
   * The answer at every (re)connect counts in any case: after a restored backup the versions
   * begin lower.
   * @param {Ticket} ticket
   */
  restart(ticket) {
    this.#version = ticket.version ?? 0;
    this.#ticket = ticket;
  }

  /**
   * The ticket itself has changed.
   * @param {Ticket} ticket
   * @returns {boolean} whether it was news
   */
  take(ticket) {
    if (!this.#isNews(ticket)) return false;
    this.#ticket = ticket;
    return true;
  }

  /**
   * The queue has moved: `[number, ahead, low, high, likely]` of everybody.
   * @typedef {[string, number, number|null, number|null, number|null]} Place
   * @param {{version: number, waiting: Place[]}} crowd
   * @returns {"news"|"nothing"|"ask"} "ask" when the crowd and the known state disagree
   */
  takeCrowd(crowd) {
    if (!this.#isNews(crowd)) return "nothing";
    const { number, state } = this.#ticket;
    const own = crowd.waiting.find(([each]) => each === number);
    if (Boolean(own) !== (state === "waiting")) return "ask";
    if (!own) return "nothing";
    const [, ahead, low, high, likely] = own;
    this.#ticket = {
      ...this.#ticket,
      place: ahead + 1,
      low_minutes: low ?? undefined,
      high_minutes: high ?? undefined,
      likely_minutes: likely ?? undefined,
    };
    return "news";
  }

  #isNews({ version = this.#version }) {
    if (version < this.#version) return false;
    this.#version = version;
    return true;
  }
}
