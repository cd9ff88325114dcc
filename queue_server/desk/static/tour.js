// The tour of the first day: one step after the other beside the place that it is about. Without
// this script it is a page with all steps. Arrow keys move as the buttons do; Escape ends it.

const PARAMETER = "tour";

/** Whether the address asks for the tour; asked once, so that a reload does not begin it again. */
export function asksForTour() {
  const address = new URL(location.href);
  const asked = address.searchParams.has(PARAMETER);
  address.searchParams.delete(PARAMETER);
  if (asked) history.replaceState(null, "", address);
  return asked;
}

/** Move through the steps of whatever tour stands in the dialog. @param {HTMLDialogElement} dialog */
export function mountTour(dialog) {
  dialog.addEventListener("click", ({ target }) => {
    if (target.closest("[data-tour-next]")) move(dialog, 1);
    else if (target.closest("[data-tour-back]")) move(dialog, -1);
  });
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const busy = event.repeat || event.ctrlKey || event.altKey || event.metaKey;
    if (!by || busy || !tourIn(dialog)) return;
    event.preventDefault();
    move(dialog, by);
  });
  window.addEventListener("resize", () => point(dialog));
}

/** Begin with the first step when the dialog has just got a tour. @param {HTMLDialogElement} dialog */
export function showTour(dialog) {
  const tour = tourIn(dialog);
  dialog.classList.toggle("pane--tour", tour !== null);
  if (tour) show(dialog, 0);
}

function tourIn(dialog) {
  return dialog.querySelector("[data-tour]");
}

function stepsOf(dialog) {
  return [...dialog.querySelectorAll("[data-step]")];
}

function move(dialog, by) {
  const steps = stepsOf(dialog);
  const to = steps.findIndex((step) => !step.hidden) + by;
  if (to >= steps.length) dialog.close();
  else if (to >= 0) show(dialog, to);
}

function show(dialog, number) {
  const steps = stepsOf(dialog);
  steps.forEach((step, place) => { step.hidden = place !== number; });
  dialog.querySelector("[data-tour-place]").textContent = number + 1;
  dialog.querySelector("[data-tour-back]").disabled = number === 0;
  dialog.querySelector("[data-tour-next]").textContent =
    number + 1 < steps.length ? "Weiter" : "Fertig";
  point(dialog);
  // Whoever hears the page hears the step: its heading, and then its sentence.
  steps[number].querySelector("h3").focus();
}

/** A ring around the place that the step is about, and the dialog on the other side of it. */
function point(dialog) {
  const step = dialog.querySelector("[data-step]:not([hidden])");
  const ring = dialog.querySelector("[data-tour-ring]");
  if (!step || !ring) return;
  const box = document.querySelector(step.dataset.step)?.getBoundingClientRect();
  ring.hidden = !box;
  if (!box) return;
  dialog.dataset.side = box.left + box.width / 2 < window.innerWidth / 2 ? "end" : "start";
  for (const [name, length] of Object.entries({
    left: box.left, top: box.top, width: box.width, height: box.height,
  })) ring.style[name] = `${Math.round(length)}px`;
}
