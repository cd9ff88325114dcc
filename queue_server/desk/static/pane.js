// Side pages open in a dialog over the desk; whoever closes it stands where they were before.

import { announce } from "/static/js/announce.js";
import { enhanceForms } from "/static/js/form.js";
import { mountNameSearch, showNow } from "./day.js";
import { mountFind } from "./find.js";
import { bringHelpHome } from "./help.js";
import { showSwitch } from "./keys.js";
import { primaryAction } from "./panel.js";
import { ask } from "./parts.js";
import { mountPrinting } from "./printing.js";
import { mountStops } from "./stops.js";
import { mountTimes } from "./times.js";
import { asksForTour, mountTour, showTour } from "./tour.js";

const FIRST = ["[role=alert]", "[data-first]", "select, input:not([type=hidden], [type=checkbox])",
  "input:not([type=hidden])", "[data-close-pane]", "a, button"];

/** @param {HTMLDialogElement} dialog */
export function mountPane(dialog) {
  let opener = null;
  const pane = {
    show(part) {
      bringHelpHome();
      dialog.replaceChildren(part);
      dialog.classList.toggle("pane--wide", part.querySelector("[data-times], table, .keys") !== null);
      prepare(dialog);
      if (!dialog.open) dialog.showModal();
      focusFirst(dialog);
      showNow(dialog);
      showTour(dialog);
      tell(dialog);
    },
    close() {
      if (dialog.open) dialog.close();
    },
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pane], [data-close-pane]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches("[data-close-pane]")) pane.close();
    else open(link);
  });
  dialog.addEventListener("close", () => {
    bringHelpHome();
    dialog.replaceChildren();
    (opener?.isConnected ? opener : primaryAction())?.focus();
  });
  mountPrinting(dialog);
  mountTimes(dialog);
  mountNameSearch(dialog);
  mountFind(dialog);
  mountStops(dialog);
  mountTour(dialog);
  if (asksForTour()) open(Object.assign(document.createElement("a"), { href: "/desk/tour" }));

  async function open(link) {
    if (!dialog.contains(link)) opener = link;
    const answer = await ask(link.href);
    const part = answer?.querySelector("[data-part=pane]");
    if (part) pane.show(part);
    else if (answer) showRefusal(answer);
  }

  return pane;
}

function prepare(dialog) {
  enhanceForms(dialog);
  showSwitch(dialog);
}

function focusFirst(dialog) {
  const inside = dialog.querySelector("[data-part=pane]");
  const found = FIRST.map((selector) => [...inside.querySelectorAll(selector)]
    .find((element) => !element.closest(".pane__header") && element.checkVisibility()))
    .find(Boolean);
  (found ?? inside.querySelector("#pane-title")).focus();
}

/** What has just happened stands in the pane from its first moment, so nobody would read it out. */
function tell(dialog) {
  const said = dialog.querySelector("[role=status]")?.textContent.trim().replace(/\s+/g, " ");
  if (said) announce(said);
}

/** The thing is not there any more: the sentence stands on the desk. */
function showRefusal(answer) {
  const said = answer.querySelector("[data-part=said]");
  if (said) document.querySelector("[data-part=said]").replaceWith(said);
}
