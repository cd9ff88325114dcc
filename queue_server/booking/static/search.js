// Finds a concern by a word of its name or of the documents it needs: names first.

const BEGINS_NAME = 0;
const IN_NAME = 1;
const IN_GROUP = 2;
const IN_DOCUMENTS = 3;
const NOWHERE = 4;

const field = document.querySelector("[data-search]");
const input = field.querySelector("input");
const none = field.querySelector("[data-search-none]");
const groups = [...document.querySelectorAll("[data-group]")].map((element) => ({
  element,
  wasOpen: element.open,
  name: plain(element.querySelector(".group__name").textContent),
  services: [...element.querySelectorAll("[data-service]")].map((service) => ({
    element: service,
    name: plain(service.querySelector("summary, label").textContent),
    all: plain(service.textContent),
  })),
}));

/** Lower case and without accents: "Paesse" and "Strasse" are found, too. */
function plain(text) {
  return text.normalize("NFD").replace(/[\p{Diacritic}\u00ad]/gu, "").toLowerCase()
    .replace(/ß/g, "ss").replace(/([aou])e/g, "$1").replace(/\s+/g, " ").trim();
}

/** How well a concern fits; smaller is better. */
function rank(service, group, wanted) {
  if (` ${service.name}`.includes(` ${wanted}`)) return BEGINS_NAME;
  if (service.name.includes(wanted)) return IN_NAME;
  if (group.name.includes(wanted)) return IN_GROUP;
  return service.all.includes(wanted) ? IN_DOCUMENTS : NOWHERE;
}

/** The best come first; those that fit alike, and all without a search, as the office has them. */
function inOrder(ranked) {
  const sorted = [...ranked].sort((one, other) => one.rank - other.rank);
  sorted[0]?.element.parentElement.append(...sorted.map(({ element }) => element));
}

function show(wanted) {
  const rankedGroups = groups.map((group) => {
    const ranked = group.services
      .map(({ element, ...words }) => ({ element, rank: rank(words, group, wanted) }));
    for (const each of ranked) each.element.hidden = each.rank === NOWHERE;
    inOrder(ranked);
    return { ...group, rank: Math.min(...ranked.map((each) => each.rank)) };
  });
  for (const { element, rank: best, wasOpen } of rankedGroups) {
    element.hidden = best === NOWHERE;
    element.open = wanted === "" ? wasOpen : best < NOWHERE;
  }
  inOrder(rankedGroups);
  none.hidden = rankedGroups.some((group) => group.rank < NOWHERE);
}

input.addEventListener("input", () => show(plain(input.value)));
field.hidden = false;
