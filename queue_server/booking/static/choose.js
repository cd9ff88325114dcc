// Says how many concerns are chosen in a group, also while the group is folded.

const groups = document.querySelectorAll("[data-group]");

function show(group) {
  const count = group.querySelectorAll("input:checked").length;
  const place = group.querySelector("[data-chosen]");
  place.textContent = place.dataset.many.replace("#", String(count));
  place.hidden = count === 0;
}

for (const group of groups) group.addEventListener("change", () => show(group));
// "Back" may bring ticks along that the page was not delivered with.
addEventListener("pageshow", () => groups.forEach(show));
// Enter in the search means "find it", never "send the form".
document.querySelector("[data-search] input").addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
