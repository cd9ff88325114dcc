// Words for people who listen (`announce`) and for everybody (`toast`). Both need the two
// regions that the base template keeps on every page: #status and #toasts.

const TOAST_MS = 10_000;

/**
 * Say something politely through the screen reader, without showing it.
 * @param {string} text
 */
export function announce(text) {
  // A new element each time: the same sentence twice is then spoken twice.
  document.getElementById("status")?.replaceChildren(line("span", text));
}

/**
 * Show a short message at the lower edge; it is read aloud too. It waits while it is pointed at
 * or holds the focus, and goes by itself otherwise, unless it offers an action.
 * @param {string} text
 * @param {{
 *   kind?: "info"|"success"|"warning"|"error", action?: string, onAction?: () => void,
 * }} [more]
 * @returns {() => void} takes the message away
 */
export function toast(text, { kind = "info", action = "", onAction = () => {} } = {}) {
  const box = line("div", "");
  box.className = `toast toast--${kind}`;
  const remove = () => box.remove();
  box.append(line("span", text));
  if (action) box.append(button(action, () => { remove(); onAction(); }));
  box.append(button("Schließen", remove));
  document.getElementById("toasts")?.replaceChildren(box);
  if (!action) removeWhenUnused(box, remove);
  return remove;
}

function removeWhenUnused(box, remove) {
  setTimeout(() => {
    if (box.matches(":hover, :focus-within")) removeWhenUnused(box, remove);
    else remove();
  }, TOAST_MS);
}

function button(text, onPress) {
  const element = line("button", text);
  element.type = "button";
  element.className = "button button--small";
  element.addEventListener("click", onPress);
  return element;
}

function line(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
