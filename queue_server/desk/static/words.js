// The words of the page, given by the server, so that a row says the same whoever drew it. A side
// page in a tab of its own draws none and has none.

/** @type {Record<string, any>} */
export const words = JSON.parse(document.querySelector("[data-words]:is(script)")?.textContent ?? "{}");

/**
 * @param {string} sentence with {names} @param {Record<string, string|number>} facts
 * @returns {string}
 */
export function filled(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(facts[name] ?? ""));
}
