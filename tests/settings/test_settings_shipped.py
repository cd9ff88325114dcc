"""The config.toml that comes with the project is complete and true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from queue_server.domain.hours import Span
from queue_server.settings import load_settings
from queue_server.settings.schema import every_key

SHIPPED = Path(__file__).parents[2] / "config.toml"


@pytest.fixture
def shipped():
    return load_settings(SHIPPED, {})


def with_every_default_written(text: str) -> str:
    """The file with each "# key = value" line taken at its word."""
    return re.sub(r"^# ([a-z_]+ = .*)$", r"\1", text, flags=re.MULTILINE)


def keys_in(table: dict[str, Any], above: str = "") -> set[str]:
    found = set()
    for key, value in table.items():
        tables = value if isinstance(value, list) else [value]
        for each in tables:
            inner = isinstance(each, dict)
            # A table may be a value itself: a list of words.
            found |= {above + key} | (keys_in(each, f"{above}{key}.") if inner else set())
        found |= {above + key} if not tables else set()
    return found


def test_the_shipped_configuration_is_valid(shipped):
    rathaus = shipped.site("rathaus")

    assert [site.id for site in shipped.sites] == ["rathaus", "nordend"]
    assert len(rathaus.counters) == 6
    assert rathaus.hours.days[3] == (Span(480, 720), Span(840, 1080))
    assert rathaus.hours.days[5] == ()
    assert (rathaus.tickets.recall_lock_seconds, rathaus.tickets.calls_before_no_show) == (30, 2)


def test_every_key_that_there_is_stands_in_the_shipped_file():
    shown = with_every_default_written(SHIPPED.read_text("utf-8"))
    # What has no default is an example, indented once more.
    written = tomllib.loads(re.sub(r"^#   (\[\[webhook|\w+ = )", r"\1", shown, flags=re.MULTILINE))

    # English stands for every other language: their keys are the same.
    known = {re.sub(r"(translated|voices)\.[\w-]+", r"\1.en", key) for key in every_key()}
    assert known - keys_in(written) == set()


def test_a_default_shown_in_a_comment_is_the_real_one(office):
    text = SHIPPED.read_text("utf-8")

    as_shipped = office.load(text)
    with_defaults = office.load(with_every_default_written(text))

    assert with_defaults == as_shipped


def test_every_group_of_the_shipped_office_has_a_name(shipped):
    for site in shipped.sites:
        assert [service.id for service in site.services if not service.group_name] == []


def test_every_bookable_service_of_the_shipped_office_fits_into_the_opening_hours(shipped):
    for site in shipped.sites:
        longest = max(span.end - span.start for day in site.hours.days for span in day)
        for service in site.services:
            assert service.minutes * service.max_persons <= longest, service.id


def test_every_service_of_the_shipped_office_is_translated(shipped):
    for service in (each for site in shipped.sites for each in site.services):
        english = service.translations["en"]
        assert english.name and bool(english.fee) == bool(service.fee), service.id
        assert len(english.documents) == len(service.documents), service.id


def test_every_group_of_the_shipped_office_has_an_english_name_once(shipped):
    for site in shipped.sites:
        for group in {service.group for service in site.services}:
            members = [service for service in site.services if service.group == group]
            named = [each for each in members if each.translations["en"].group_name]
            assert len(named) == 1, group


def test_the_shipped_file_has_no_line_too_long_to_read():
    assert [line for line in SHIPPED.read_text("utf-8").splitlines() if len(line) > 100] == []
