// Lines of the office at the foot of the wall: still pages, never a running text.

const CHANGE_MS = 12_000;
/** Texts with more characters than this are set smaller, so that the foot always holds them. */
const SIZES = [["longest", 140], ["long", 60], ["short", 0]];

/**
 * @param {HTMLElement} element whose `data-translated` has further languages of German notices
 * @returns {(notices: string[]) => void}
 */
export function mountNotices(element) {
  const translated = JSON.parse(element.dataset.translated ?? "{}");
  let notices = [];
  let place = 0;
  const show = () => {
    const { text, language } = notices[place % notices.length] ?? { text: "", language: "de" };
    element.hidden = text === "";
    element.dataset.size = SIZES.find(([, above]) => text.length >= above)[0];
    if (element.textContent !== text) Object.assign(element, { textContent: text, lang: language });
  };
  setInterval(() => { place += 1; show(); }, CHANGE_MS);
  return (wanted) => {
    notices = wanted.flatMap((text) => [{ text, language: "de" }, ...(translated[text] ?? [])]);
    show();
  };
}
