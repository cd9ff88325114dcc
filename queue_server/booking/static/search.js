// Finds a concern by a word of its name or of the documents it needs.

const field = document.querySelector("[data-search]");
const input = field.querySelector("input");
const none = field.querySelector("[data-search-none]");
const groups = [...document.querySelectorAll("[data-group]")].map((element) => ({
  element,
  wasOpen: element.open,
  services: [...element.querySelectorAll("[data-service]")],
}));

/** Lower case and without accents, so that "Paesse" is the only spelling not found. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

function show(wanted) {
  let found = 0;
  for (const { element, services, wasOpen } of groups) {
    const inName = plain(element.querySelector("summary").innerText).includes(wanted);
    let here = 0;
    for (const service of services) {
      service.hidden = !(inName || plain(service.textContent).includes(wanted));
      here += Number(!service.hidden);
    }
    element.hidden = here === 0;
    element.open = wanted === "" ? wasOpen : here > 0;
    found += here;
  }
  none.hidden = found > 0;
}

input.addEventListener("input", () => show(plain(input.value.trim())));
field.hidden = false;
