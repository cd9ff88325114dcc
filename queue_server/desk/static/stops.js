// Which decision holds now, for whatever service is chosen.

/** @param {HTMLElement} root */
export function mountStops(root) {
  root.addEventListener("change", ({ target }) => {
    if (!target.matches("select[data-standing]")) return;
    const { mode } = target.selectedOptions[0].dataset;
    for (const mark of target.form.querySelectorAll("[data-standing-mode]")) {
      mark.hidden = mark.dataset.standingMode !== mode;
    }
    target.form.elements.mode.value = mode;
  });
}
