// Words for people who listen, in the region #status that the base template keeps on every page.

/**
 * Say something politely through the screen reader, without showing it.
 * @param {string} text
 */
export function announce(text) {
  const said = document.createElement("span");
  said.textContent = text;
  // A new element each time: the same sentence twice is then spoken twice.
  document.getElementById("status")?.replaceChildren(said);
}
