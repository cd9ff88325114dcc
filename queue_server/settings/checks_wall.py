"""Checks across the keys of a wall: do the sites, areas, displays and files it names exist?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from queue_server.settings.lines import KeyPath
from queue_server.settings.problems import Fault, did_you_mean, shown
from queue_server.settings.tables import Raw, Tables, table_in, tables_in, texts_in


def wall_faults(sites: Tables) -> Iterator[Fault]:
    """Every fault of displays and pages that shows only beside other tables."""
    known = {site["id"]: site for _, site in sites if isinstance(site.get("id"), str)}
    for path, site in sites:
        for display_path, display in tables_in(site, "display", path):
            yield from _unknown(display_path, display, "sites", known, "the id of a site")
            shown_sites = [known[id] for id in texts_in(display, "sites") if id in known]
            areas = _areas(shown_sites or [site])
            yield from _unknown(display_path, display, "areas", areas, "an area of a counter")
        displays = [display.get("id") for _, display in tables_in(site, "display")]
        for page_path, page in tables_in(site, "page", path):
            yield from _unknown(page_path, page, "displays", displays, "a display of this site")
            yield from _page_faults(page_path, page)


def missing_files(sites: Tables, folder: Path) -> Iterator[Fault]:
    """Pictures that do not lie where the file says; relative names are meant from `folder`."""
    for path, site in sites:
        theme = table_in(site, "theme")
        pages = [(*each, "picture") for each in tables_in(site, "page", path)]
        for above, table, key in [((*path, "theme"), theme, "crest"), *pages]:
            name = table.get(key)
            if isinstance(name, str) and name and not (folder / name).is_file():
                words = f"expected a picture file, but there is no {folder / name}"
                yield Fault((*above, key), words, code="no_file", facts={"name": name})


def _areas(sites: Iterable[Raw]) -> list[object]:
    return [counter.get("area") for site in sites for _, counter in tables_in(site, "counter")]


def _unknown(
    path: KeyPath, table: Raw, key: str, known: Iterable[object], what: str
) -> Iterator[Fault]:
    words = [each for each in known if isinstance(each, str) and each]
    for place, name in enumerate(texts_in(table, key)):
        if name not in words:
            near = did_you_mean(name, words)
            yield Fault((*path, key, place), f"expected {what}, got {shown(name)}{near}",
                        code=f"unknown_in_{key}", facts={"name": name})  # fmt: skip


def _page_faults(path: KeyPath, page: Raw) -> Iterator[Fault]:
    if bool(page.get("text")) == bool(page.get("picture")):
        yield Fault(path, "expected either a text or a picture", code="text_or_picture")
    if page.get("translated") and not page.get("text"):
        words = "expected a text that it translates"
        yield Fault((*path, "translated"), words, code="nothing_translated")
    if page.get("alt") and not page.get("picture"):
        words = "expected a picture that it describes"
        yield Fault((*path, "alt"), words, code="nothing_described")
    first, last = str(page.get("from", "")), str(page.get("until", ""))
    # Both as "2026-12-01", whether they were written as dates or as texts.
    if first and last and last < first:
        words = f"expected a day from {first} on, got {last}"
        yield Fault((*path, "until"), words, code="ends_before", facts={"first": first})
