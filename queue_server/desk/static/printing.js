// The slip prints alone, on a page of its own size. Out of the dialog for that moment: what lies
// in the browser's top layer can't choose its paper.

/** @param {HTMLElement} root */
export function mountPrinting(root) {
  root.addEventListener("click", (event) => {
    const slip = root.querySelector("[data-slip]");
    if (slip && event.target.closest("[data-print]")) print(slip);
  });
}

function print(slip) {
  const place = document.createComment("slip");
  const before = document.body.className;
  slip.replaceWith(place);
  document.body.append(slip);
  document.body.classList.add("prints-slip");
  window.print();
  document.body.className = before;
  place.replaceWith(slip);
}
