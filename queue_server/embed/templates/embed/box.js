// Aufruf: appointments and waiting time now, for every <div data-aufruf> of this page. No cookies,
// no requests but for this file itself: once a minute it is asked for again, and brings the news.
(() => {
  "use strict";

  const REFRESH_MS = 60_000;
  const ANSWER_MS = 10_000;
  const STALE_MS = 5 * 60_000;
  const NEWS = "aufruf-news";
  const GERMAN = "de";
  const BROUGHT = {{ news|tojson }};
  const STYLES = {{ styles|tojson }};
  const script = document.currentScript;
  const home = BROUGHT.home || new URL(script?.src ?? location.href).origin;
  const address = script?.src || `${home}/embed/${BROUGHT.site}.js`;
  let news = BROUGHT;
  let heardAt = Date.now();
  let timer = null;
  let mayAsk = true;

  function mayStandHere() {
    const { origins } = BROUGHT;
    return origins.length === 0 || origins.includes(location.origin) || location.origin === home;
  }

  /** An earlier run of this script shows what a later one brings; the first finds nobody. */
  function isTakenByAnother() {
    const event = new CustomEvent(NEWS, { detail: BROUGHT, cancelable: true });
    return !document.dispatchEvent(event);
  }

  function take(event) {
    if (event.detail.site !== BROUGHT.site) return;
    if (event.detail.version !== BROUGHT.version) {
      // After an update of the server its new script does better.
      stop();
      document.removeEventListener(NEWS, take);
      return;
    }
    event.preventDefault();
    news = event.detail;
    heardAt = Date.now();
    show();
  }

  function show() {
    const isStale = Date.now() - heardAt > STALE_MS;
    for (const host of document.querySelectorAll("[data-aufruf]")) {
      if (isMeant(host)) fill(host.shadowRoot ?? furnish(host), boxFor(host), isStale);
    }
  }

  function isMeant(host) {
    const filled = host.shadowRoot?.querySelector("[data-site]");
    if (host.shadowRoot) return filled?.dataset.site === BROUGHT.site;
    return host.dataset.aufruf === "" || host.dataset.aufruf === BROUGHT.site;
  }

  /** In the language of the box, or of the page around it. */
  function boxFor(host) {
    const wanted = host.dataset.lang || host.closest("[lang]")?.lang || navigator.language;
    const language = wanted.toLowerCase().split("-")[0];
    const known = Object.hasOwn(news.boxes, language) ? language : GERMAN;
    return { ...news.boxes[known], language: known };
  }

  function furnish(host) {
    const root = host.attachShadow({ mode: "open" });
    dress(root);
    const heading = /^[2-6]$/.test(host.dataset.heading ?? "") ? `h${host.dataset.heading}` : "h2";
    const section = element("section", "aufruf");
    section.dataset.site = BROUGHT.site;
    const links = element("p", "aufruf__links");
    links.append(part("a", "book", "aufruf__book"), part("a", "more", "aufruf__more"));
    const practice = part("p", "practice", "aufruf__practice");
    practice.lang = GERMAN;
    section.append(
      practice, part(heading, "name", "aufruf__name"), part("p", "opening", "aufruf__opening"),
      part("p", "waiting", "aufruf__waiting"), part("p", "people"), part("p", "phone"), links,
      part("p", "at", "aufruf__at"),
    );
    root.append(section);
    return root;
  }

  /** Without a style element, which a strict page would refuse. Old browsers show it plainly. */
  function dress(root) {
    if (!("adoptedStyleSheets" in root)) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
  }

  function element(name, className = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    return made;
  }

  function part(name, key, className = "") {
    const made = element(name, className);
    made.dataset.part = key;
    return made;
  }

  /** Only what is different is written, so that nothing flickers and the focus stays. */
  function fill(root, box, isStale) {
    const section = root.querySelector("[data-site]");
    section.lang = box.language;
    section.dir = box.direction;
    section.querySelector("[data-part=name]").lang = box.name_language;
    section.setAttribute("aria-label", box.label);
    section.dataset.open = String(box.is_open && !isStale);
    const shown = isStale ? { ...box, opening: box.stale, waiting: "", people: "" } : box;
    for (const each of section.querySelectorAll("[data-part]")) {
      const key = each.dataset.part;
      if (each.textContent !== shown[key]) each.textContent = shown[key];
      each.hidden = shown[key] === "";
      if (each.localName === "a") each.href = home + shown[`${key}_path`];
    }
  }

  function askAgain() {
    if (document.hidden) return;
    // Whatever becomes of the answer, the age of what is shown is looked at.
    setTimeout(show, ANSWER_MS);
    if (mayAsk) load(Math.floor(Date.now() / REFRESH_MS));
  }

  function load(minute) {
    const again = document.createElement("script");
    const asked = new URL(address);
    asked.searchParams.set("at", String(minute));
    again.async = true;
    if (script?.nonce) again.nonce = script.nonce;
    for (const end of ["load", "error"]) again.addEventListener(end, () => again.remove());
    try {
      again.src = asked.href;
      document.head.append(again);
    } catch {
      // Pages with trusted types forbid it; they show the figures of their own loading.
      mayAsk = false;
    }
  }

  function comeBack() {
    if (!document.hidden && Date.now() - heardAt >= REFRESH_MS) askAgain();
  }

  function start() {
    document.addEventListener(NEWS, take);
    document.addEventListener("visibilitychange", comeBack);
    timer = setInterval(askAgain, REFRESH_MS);
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
    show();
  }

  function stop() {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", comeBack);
  }

  if (!mayStandHere()) console.warn("Aufruf: this page is not named in embed_origins.");
  else if (!isTakenByAnother()) start();
})();
