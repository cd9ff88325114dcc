// Reads a Termincode out of the address and shows it large, in place of the booking form. The part
// behind "#" never leaves the browser, and this file sends nothing.

const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWX";
const LENGTH = 9;
const root = document.querySelector("[data-termincode]");
const heading = document.querySelector("[data-with-code]");
const headings = { without: heading.textContent, with: heading.dataset.withCode };
const title = document.title;

/**
 * The Termincode in a text, in groups of three.
 * @param {string} text
 * @returns {string|null} null when the characters or the check character are wrong
 */
export function parseCode(text) {
  const plain = text.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  const values = [...plain].map((character) => ALPHABET.indexOf(character));
  if (values.length !== LENGTH || values.includes(-1)) return null;
  const body = values.slice(0, -1);
  const check = body.reduce((total, value) => (total * 2 + value) % ALPHABET.length, 0);
  return check === values.at(-1) ? plain.match(/.{3}/g).join("-") : null;
}

function show() {
  const text = decoded(location.hash.slice(1));
  const code = parseCode(text);
  // The links of the page itself are no attempt to write a code.
  const isAttempt = text !== "" && document.getElementById(text) === null;
  root.querySelector("[data-known]").hidden = code === null;
  root.querySelector("[data-wrong]").hidden = code !== null || !isAttempt;
  root.querySelector("[data-shown]").textContent = code ?? "";
  root.querySelector("[data-spelled]").textContent = code ? [...code].join(" ") : "";
  showPage(isAttempt);
}

/** One page for two: with a code nobody came to book. */
function showPage(withCode) {
  const words = withCode ? headings.with : headings.without;
  heading.textContent = words;
  document.title = title.replace(headings.without, words);
  for (const part of document.querySelectorAll("[data-without-code]")) part.hidden = withCode;
  for (const part of document.querySelectorAll("[data-with-code-only]")) part.hidden = !withCode;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

addEventListener("hashchange", show);
show();
