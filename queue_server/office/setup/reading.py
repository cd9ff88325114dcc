"""From config.toml into a form, and from a form to the changes that it asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any

from queue_server.domain.errors import NotFound
from queue_server.domain.hours import SpecialDay
from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Counter, Display, InformationPage, Service, Site, Translation
from queue_server.languages.words import date_words, spans
from queue_server.office.setup.contents import entries, entry_id, own_texts, subject
from queue_server.office.setup.fields import SetupField, fault, sent, shown, toml
from queue_server.office.setup.parts import (
    ID,
    OWN_WORDS,
    SERVICES,
    SetupPart,
)
from queue_server.settings import Settings
from queue_server.settings.editing import AddTable, Change, RemoveTable, SetKey
from queue_server.settings.editing.changes import Raw, found

NEW = "_new"
KINDS: Mapping[str, type] = {"service": Service, "counter": Counter, "page": InformationPage,
                             "display": Display, "kiosk": Kiosk,
                             "special_day": SpecialDay}  # fmt: skip
RENAMED = {"from": "shown_from", "hours": "spans"}
Errors = list[tuple[str, str]]


@dataclass(frozen=True)
class SetupForm:
    """A part of a site, or an entry of it. `entry` is its id, its number, NEW, or empty.

    `for_admin` shows what reaches beyond the office: a printer may be a file of the server.
    """

    settings: Settings
    site: Site
    part: SetupPart
    entry: str = ""
    for_admin: bool = False

    @property
    def is_new(self) -> bool:
        return self.entry == NEW

    @cached_property
    def thing(self) -> Any:
        """What it is about, as it is in force. Raises `NotFound`."""
        if not self.part.is_list:
            return subject(self.part, self.site)
        if self.is_new:
            return None
        for number, each in enumerate(entries(self.part, self.site)):
            if entry_id(each, number) == self.entry:
                return each
        raise NotFound(entry=self.entry)

    @property
    def title(self) -> str:
        if not self.part.is_list or not self.entry:
            return self.part.title
        return f"{self.part.one} hinzufügen" if self.is_new else entry_name(self.thing, self.entry)

    @property
    def fields(self) -> list[SetupField]:
        """What can be filled in; an id only once."""
        if self.part is OWN_WORDS:
            return own_texts(self.site)
        return [
            each
            for each in self.part.fields
            if (each is not ID or self.is_new) and (self.for_admin or not each.is_for_admin)
        ]

    def values(self) -> dict[str, Any]:
        """What the form shows before anybody has touched it, by field."""
        return {field.name: shown(field, self._value(field)) for field in self.fields}

    def sent(self) -> dict[str, Any]:
        """What was sent, by field."""
        return {field.name: sent(field) for field in self.fields}

    def faults(self, said: Mapping[str, Any]) -> Errors:
        """What is wrong with single fields, in sentences."""
        return [
            (field.name, sentence)
            for field in self.fields
            if (sentence := fault(field, toml(field, said[field.name]), self.part.schema))
        ]

    def changes(self, said: Mapping[str, Any]) -> list[Change]:
        """What has to happen in config.toml; nothing when all was left as it was."""
        return list(self._added(said) if self.is_new else self._changed(said))

    def removal(self) -> list[Change]:
        """What has to happen for the entry to go."""
        gone: list[Change] = [RemoveTable(self.part.place(self.site, self.part.key(self.entry)))]
        if self.part is SERVICES:
            gone[:0] = self._counters_serve(self.entry, [])
        return gone

    # -- how it is now -------------------------------------------------------------------

    @cached_property
    def _raw(self) -> Raw:
        raw: Raw = tomllib.loads(self.settings.text.removeprefix("\ufeff"))
        return raw

    @cached_property
    def _table(self) -> Raw:
        if self.is_new:
            return {}
        place = self.part.place(self.site, self.part.key(self.entry) if self.part.is_list else "")
        return found(self._raw, place)[1] or {}

    def _value(self, field: SetupField) -> Any:
        """What the file says, else what counts without it."""
        table = self._table
        for name in field.below:
            table = table.get(name, {})
        if field.key in table:
            return table[field.key]
        if field.is_virtual:
            return self._serving()
        if self.part.inner == ("hours",):
            return []
        if self.part is OWN_WORDS:
            return ""
        if self.is_new:
            return defaults(self.part).get(field.key)
        if field.below:
            words = self.thing.translations.get(field.below[-1], Translation())
            return getattr(words, field.key)
        return getattr(self.thing, RENAMED.get(field.key, field.key))

    def _serving(self) -> list[str]:
        return [each.id for each in self.site.counters if self.entry in each.services]

    # -- what is to be ---------------------------------------------------------------------

    def _changed(self, said: Mapping[str, Any]) -> Iterator[Change]:
        place = self.part.place(self.site, self.part.key(self.entry) if self.part.is_list else "")
        before = self.values()
        for field in self.fields:
            value, old = (toml(field, each[field.name]) for each in (said, before))
            if value == old:
                continue
            if field.is_virtual:
                yield from self._counters_serve(self.entry, value)
            elif self.part is SERVICES and field.key == "group_name":
                yield from self._group_is_called(said["group"], value)
            else:
                yield SetKey((*place, *field.below), field.key, value or none_for(value))

    def _added(self, said: Mapping[str, Any]) -> Iterator[Change]:
        usual, values = defaults(self.part), {}
        for field in self.fields:
            value = toml(field, said[field.name])
            known = usual.get(field.key)
            plain = list(known) if isinstance(known, tuple) else known
            if not field.is_virtual and value not in (None, [], plain):
                values[field.key] = value
        yield AddTable(("site", self.site.id), self.part.kind, values)
        if self.part is SERVICES:
            yield from self._counters_serve(said["id"], said["counters"])

    def _counters_serve(self, service: str, wanted: list[str]) -> list[Change]:
        """Those counters, and no other that serves by a list."""
        changes: list[Change] = []
        for counter in self.site.counters:
            serves = [id for id in counter.services if id != service]
            if counter.id in wanted:
                serves.append(service)
            if len(serves) != len(counter.services):
                changes.append(SetKey(("site", self.site.id, "counter", counter.id), "services",
                                      serves))  # fmt: skip
        return changes

    def _group_is_called(self, group: str, name: str | None) -> list[Change]:
        """The name of a letter stands at one of its services, or at some; it changes at all."""
        all_raw = found(self._raw, ("site", self.site.id))[1]["service"]
        named = [each["id"] for each in all_raw
                 if each.get("group") == group and "group_name" in each]  # fmt: skip
        return [
            SetKey(("site", self.site.id, "service", id), "group_name", name)
            for id in named or [self.entry]
        ]


def none_for(value: Any) -> Any:
    """No and zero are values; an empty text or list takes the key out."""
    return value if value is False or value == 0 and value is not None else None


def entry_name(thing: Any, entry: str) -> str:
    """What a list calls it."""
    name = getattr(thing, "name", "")
    if name:
        return str(name)
    if isinstance(thing, SpecialDay):
        return f"{date_words(thing.day)} {thing.day.year}: {thing.notice or spans(thing.spans)}"
    words = getattr(thing, "text", "").strip().lstrip("# ").partition("\n")[0]
    return words or getattr(thing, "picture", "").rpartition("/")[2] or entry


def defaults(part: SetupPart) -> dict[str, Any]:
    """What counts for a key that is left out."""
    if not part.is_list:
        return {}
    names = {renamed: key for key, renamed in RENAMED.items()}
    return {
        names.get(each.name, each.name): each.default
        for each in fields(KINDS[part.kind])
        if each.default is not MISSING
    }
