// Printing needs a script: without one there is no button.

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
  button.hidden = false;
}
