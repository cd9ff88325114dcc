// Aids that one touch switches on for one visitor: everything lower, larger, with more contrast,
// read aloud. Each is a mark at <html>; the style sheets and the reader do the rest.

const root = document.documentElement;
const EVENT = "aidschange";

/** @param {HTMLElement} box holds a button for each aid, named by data-aid */
export function installAids(box) {
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-aid]");
    if (button) setAid(button.dataset.aid, !hasAid(button.dataset.aid));
  });
}

/**
 * @param {string} aid "low", "large", "contrast" or "speech"
 * @param {boolean} isOn
 */
export function setAid(aid, isOn) {
  if (hasAid(aid) === isOn || !buttonOf(aid)) return;
  root.toggleAttribute(`data-aid-${aid}`, isOn);
  buttonOf(aid).setAttribute("aria-pressed", String(isOn));
  dispatchEvent(new CustomEvent(EVENT, { detail: { aid, isOn } }));
}

/** The next visitor begins without them. */
export function clearAids() {
  for (const button of document.querySelectorAll("[data-aid]")) setAid(button.dataset.aid, false);
}

/** @returns {boolean} whether this aid, or any when none is named, is on */
export function hasAid(aid = "") {
  if (aid) return root.hasAttribute(`data-aid-${aid}`);
  return [...document.querySelectorAll("[data-aid]")].some((each) => hasAid(each.dataset.aid));
}

/** @param {(change: {aid: string, isOn: boolean}) => void} listener */
export function onAids(listener) {
  addEventListener(EVENT, ({ detail }) => listener(detail));
}

/** The frame's words have changed with the language: the buttons are new. */
export function showAids() {
  for (const button of document.querySelectorAll("[data-aid]")) {
    button.setAttribute("aria-pressed", String(hasAid(button.dataset.aid)));
  }
}

function buttonOf(aid) {
  return document.querySelector(`[data-aid="${aid}"]`);
}
