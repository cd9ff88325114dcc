// Lines of the office at the foot of the wall: still pages, never a running text.

const CHANGE_MS = 12_000;
/** Texts with more characters than this are set smaller, so that the foot always holds them. */
const SIZES = [["longest", 140], ["long", 60], ["short", 0]];

/** @param {HTMLElement} element @returns {(notices: string[]) => void} */
export function mountNotices(element) {
  let notices = [];
  let place = 0;
  const show = () => {
    const text = notices[place % notices.length] ?? "";
    element.hidden = text === "";
    element.dataset.size = SIZES.find(([, above]) => text.length >= above)[0];
    if (element.textContent !== text) element.textContent = text;
  };
  setInterval(() => { place += 1; show(); }, CHANGE_MS);
  return (wanted) => { notices = wanted; show(); };
}
