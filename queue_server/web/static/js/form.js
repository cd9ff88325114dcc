// Forms work without this file. With it a second press while the first is under way does
// nothing, and after a refused form the focus stands on the list of errors.
//
// The button is marked with aria-disabled instead of disabled: it keeps the focus, and its own
// name and value are still sent.

/**
 * Guard every <form data-once> below `root` against double submits; safe to call again.
 * @param {ParentNode} [root]
 */
export function enhanceForms(root = document) {
  for (const form of root.querySelectorAll("form[data-once]")) guard(form);
}

/**
 * Run `work` once at a time for this button: presses while it runs are ignored.
 * @template T
 * @param {HTMLElement} button
 * @param {() => Promise<T>} work
 * @returns {Promise<T|undefined>} undefined when the press was ignored
 */
export async function whileBusy(button, work) {
  if (isBusy(button)) return undefined;
  setBusy(button, true);
  try {
    return await work();
  } finally {
    setBusy(button, false);
  }
}

const guarded = new WeakSet();

function guard(form) {
  if (guarded.has(form)) return;
  guarded.add(form);
  form.addEventListener("submit", (event) => {
    if (isBusy(form)) event.preventDefault();
    else markSent(form, event);
  });
}

function markSent(form, event) {
  form.setAttribute("aria-busy", "true");
  // A later listener may stop the submit and send it in its own way: known only afterwards.
  setTimeout(() => {
    if (event.defaultPrevented) form.removeAttribute("aria-busy");
    else if (event.submitter) setBusy(event.submitter, true);
  });
}

function isBusy(element) {
  return element.getAttribute("aria-busy") === "true";
}

function setBusy(element, busy) {
  for (const name of ["aria-busy", "aria-disabled"]) {
    if (busy) element.setAttribute(name, "true");
    else element.removeAttribute(name);
  }
}

// "Back" may show the page as it was left: with the form still marked as sent.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const element of document.querySelectorAll("[data-once], [data-once] [aria-busy]")) {
    setBusy(element, false);
  }
});

enhanceForms();
document.querySelector("[data-focus]")?.focus();
