"""What config.toml leaves out is as docs/configuration.md tells the administration."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from queue_server.domain import site
from queue_server.domain.desk_rules import DeskRules
from queue_server.domain.kiosk import Kiosk, SlipWords
from queue_server.domain.theme import Links, Theme

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()
# What is there once a language has no default of its own.
ROW = re.compile(r"^\| (`site\.(?:(?!LANGUAGE)[^|])+) \| ([^|]+) \|", re.MULTILINE)
TABLES = {
    **{"": site.Site, "service": site.Service, "counter": site.Counter, "display": site.Display},
    **{"page": site.InformationPage, "voice": site.VoiceRules, "tickets": site.TicketRules},
    **{"checkin": site.CheckinRules, "booking": site.BookingRules, "priority": site.PriorityRules},
    **{"kiosk": Kiosk, "slip": SlipWords, "desk": DeskRules, "theme": Theme, "links": Links},
}


def documented() -> Iterator[tuple[str, object]]:
    """`tickets.forecast_stop` and its default; not those that the document has words for."""
    for names, told in ROW.findall(DOCUMENTED):
        keys = re.findall(r"`site\.([\w.]+)`", names)
        values = [tomllib.loads(f"x = {each}")["x"] for each in re.findall(r"`([^`]+)`", told)]
        every = values * len(keys) if len(values) == 1 else values
        yield from zip(keys, every, strict=True) if values else ()


def has_its_own_field(key: str) -> bool:
    table, _, name = key.rpartition(".")
    return table in TABLES and name in {each.name for each in fields(TABLES[table])}


DEFAULTS = {key: value for key, value in documented() if has_its_own_field(key)}


@pytest.mark.parametrize("key", DEFAULTS)
def test_what_is_left_out_is_what_the_document_says(key: str) -> None:
    table, _, name = key.rpartition(".")
    (found,) = (each for each in fields(TABLES[table]) if each.name == name)
    default = found.default_factory() if found.default is MISSING else found.default
    told = tuple(DEFAULTS[key]) if isinstance(DEFAULTS[key], list) else DEFAULTS[key]

    # As many rows as fit are none that somebody has named.
    assert default == (None if told == "auto" and name == "rows" else told)


def test_nearly_every_key_of_a_site_was_compared() -> None:
    assert len(DEFAULTS) > 70
