// One line a person, or two: whoever keeps forty people in view chooses the compact desk, and this
// device remembers it.

const KEPT = "aufruf-desk-density";

/** The button that switches, and what was chosen before. */
export function mountDensity() {
  const button = document.querySelector("[data-density]");
  show(button, wasCompact());
  button.addEventListener("click", () => {
    const isCompact = button.getAttribute("aria-pressed") !== "true";
    show(button, isCompact);
    remember(isCompact);
  });
}

function show(button, isCompact) {
  document.documentElement.dataset.density = isCompact ? "compact" : "roomy";
  button.setAttribute("aria-pressed", String(isCompact));
}

function wasCompact() {
  try {
    return localStorage.getItem(KEPT) === "compact";
  } catch {
    return false;
  }
}

function remember(isCompact) {
  try {
    if (isCompact) localStorage.setItem(KEPT, "compact");
    else localStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing begins roomy every time.
  }
}
