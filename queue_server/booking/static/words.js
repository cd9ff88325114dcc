// The few phrases that change while a page is open, in the page's language: they come with it,
// in data-words; the others stand in the HTML.

/** @typedef {Record<string, string>} Forms one text for each plural category of the language */

/** Speaks of times and numbers in the language of the page. */
export class Words {
  #texts;
  #plurals;

  /** @param {Element} root the element with data-words */
  constructor(root) {
    this.#texts = JSON.parse(root.dataset.words);
    this.#plurals = new Intl.PluralRules(this.#texts.language);
  }

  /** @param {string} time "10:15" @returns {string} "10:15 Uhr" */
  clock(time) {
    return filled(this.#texts.clock, { time });
  }

  /** @param {number} count @returns {string} "1 Minute", "12 Minuten", "1 Stunde", "1 Std. 5 Min." */
  minutes(count) {
    if (count < 60) return this.#counted(this.#texts.minutes, count);
    const hours = Math.floor(count / 60);
    const { hours: whole, hours_minutes: both } = this.#texts;
    if (count % 60) return filled(both, { hours, minutes: count % 60 });
    return filled(this.#form(whole, hours), { hours });
  }

  /**
   * A waiting time in words.
   * @param {number} low whole minutes
   * @param {number} high whole minutes
   * @returns {string} "15 bis 25 Minuten", "höchstens 5 Minuten"
   */
  span(low, high) {
    if (low === high && high > 0) return this.minutes(high);
    if (low < 1) return filled(this.#texts.at_most, { time: this.minutes(high) });
    const shown = high < 60 ? low : this.minutes(low);
    return filled(this.#texts.range, { low: shown, high: this.minutes(high) });
  }

  /**
   * What is usual within a wide range.
   * @param {number} low whole minutes
   * @param {number} high whole minutes
   * @param {number|undefined} likely whole minutes
   * @returns {string} "meist etwa 20 Minuten", or nothing where the range is narrow
   */
  likely(low, high, likely) {
    const { likely: text, wide_minutes: wide } = this.#texts;
    if (likely === undefined || high - low < wide) return "";
    return filled(text, { time: this.minutes(likely) });
  }

  /**
   * The sentence for a number of things, from the element's data-none and data-forms.
   * @param {HTMLElement} element
   * @param {number} count
   * @returns {string}
   */
  counted({ dataset }, count) {
    return count === 0 ? dataset.none : this.#counted(JSON.parse(dataset.forms), count);
  }

  #counted(forms, count) {
    return filled(this.#form(forms, count), { count });
  }

  #form(forms, count) {
    return forms[this.#plurals.select(count)] ?? forms.other;
  }
}

/**
 * A text with its places filled.
 * @param {string} text "bitte zu {counter}"
 * @param {Record<string, string|number>} facts
 * @returns {string}
 */
export function filled(text, facts) {
  return text.replace(/\{(\w+)\}/g, (place, name) => facts[name] ?? place);
}

/**
 * The text with times of day that no line ends within.
 * @param {string} text
 * @returns {string}
 */
export function noBreak(text) {
  return text.replace(/(\d:\d\d) (?=Uhr)/g, "$1\u00a0");
}
