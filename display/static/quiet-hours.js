// Hours in which nothing sounds, as config.toml says them: "12:00-13:00 18:00-24:00".

/**
 * Until when it is quiet at this time of day.
 * @param {string} spans of the same day, with blanks between them
 * @param {string} time "12:05"
 * @returns {string} "13:00", or "" when it is not quiet
 */
export function quietUntil(spans, time) {
  const now = spans.split(" ").map((span) => span.split("-"))
    .find(([from, until]) => from <= time && time < until);
  return now?.[1] ?? "";
}
