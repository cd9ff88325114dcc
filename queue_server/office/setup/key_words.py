"""Keys of config.toml in the words of the forms that ask for them.

The journal knows only keys, and neither values nor names; so entries have the names of now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queue_server.domain.site import Site
from queue_server.office.setup.contents import entries, entry_id
from queue_server.office.setup.parts import OWN_WORDS, PAGES, PARTS, SITE, SPECIAL_DAYS, SetupPart
from queue_server.office.what_if import NUMBERS
from queue_server.web.wording import LANGUAGES_IN_GERMAN

RULE, ORDER, OTHER = "Aufrufregel", "Reihenfolge", "Sonstiges"


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A key with its German words."""

    key: str
    words: str


def shown_keys(keys: Iterable[str], site: Site) -> list[KeyShown]:
    return [KeyShown(key, key_words(key, site)) for key in keys]


def key_words(key: str, site: Site) -> str:
    """`Anliegen „Reisepass“: Gebühr` for `site.rathaus.service.reisepass.fee`.

    What no form asks for is OTHER.
    """
    root = f"site.{site.id}"
    if key == root:
        return f"Standort „{site.name}“"
    if not key.startswith(f"{root}."):
        return OTHER
    first, *names = key.removeprefix(f"{root}.").split(".")
    if first == "priority":
        return _rule(names)
    if first == OWN_WORDS.kind:
        return _own_words(names)
    if of_kind := [part for part in PARTS if part.kind == first]:
        return _entry(of_kind, names, site)
    inner = next((part for part in PARTS if part.inner == (first,)), None)
    if inner:
        return _with_field(inner.title, [inner], names)
    is_asked = any(field.key == first for field in SITE.fields)
    return _with_field(SITE.title, [SITE], [first]) if is_asked else OTHER


def _rule(names: Sequence[str]) -> str:
    if not names or names[0] == "rule":
        return RULE
    return f"{RULE}: {NUMBERS[names[0]][2] if names[0] in NUMBERS else OTHER}"


def _own_words(names: Sequence[str]) -> str:
    """The key is the German text, in which there may be a full stop."""
    if not names:
        return OWN_WORDS.title
    subject = f"{OWN_WORDS.title} ({LANGUAGES_IN_GERMAN.get(names[0], names[0])})"
    return f"{subject}: {'.'.join(names[1:])}" if names[1:] else subject


def _entry(parts: Sequence[SetupPart], names: Sequence[str], site: Site) -> str:
    """Of a list, which has its name only when its order is meant; all `parts` are about it."""
    if not names:
        return f"{parts[0].title}: {ORDER}"
    return _with_field(_entry_words(parts[0], names[0], site), parts, names[1:])


def _entry_words(part: SetupPart, entry: str, site: Site) -> str:
    """Its name now; of one that is gone only the id is left. Pages have numbers, days are days."""
    if part is PAGES:
        return f"{part.title}, {part.one} {entry}"
    if part is SPECIAL_DAYS:
        return f"{part.one} {'.'.join(reversed(entry.split('-')))}"
    names = {entry_id(each, number): each.name for number, each in enumerate(entries(part, site))}
    name = names.get(entry) or entry
    return name if name.startswith(part.one) else f"{part.one} „{name}“"


def _with_field(subject: str, parts: Sequence[SetupPart], names: Sequence[str]) -> str:
    """The subject alone when it came, went or changed as a whole."""
    if not names:
        return subject
    asked = tuple(names)
    for part in parts:
        for field in part.fields:
            section = f" ({field.section})" if field.section else ""
            if asked == (*field.below, field.key):
                return f"{subject}: {field.label}{section}"
            if asked == field.below:
                return f"{subject}: {part.title}{section}"
            if asked == field.below[: len(asked)]:
                return f"{subject}: {part.title}"
    return f"{subject}: {OTHER}"
