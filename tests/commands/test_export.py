"""`aufruf forget` and `aufruf export`: one person, the people whose date has come, the journal."""

from __future__ import annotations

import csv
import json
from datetime import timedelta

import pytest

from queue_server.actions import appointments
from queue_server.app import open_store
from queue_server.domain.hours import at_wall_clock, local_day
from queue_server.settings import Settings
from queue_server.web.app_context import utc_now
from tests.commands.conftest import Aufruf, printed, refused
from tests.commands.kept_office import draw


def test_forgetting_counts_the_people_whose_date_has_come(
    aufruf: Aufruf, settings: Settings
) -> None:
    long_ago = utc_now() - timedelta(days=30)
    site, store = settings.site("rathaus"), open_store(settings)
    day_after = local_day(long_ago + timedelta(days=1), site.zone)
    start = at_wall_clock(day_after, 10 * 60, site.zone)
    appointments.book_by_clerk(
        store, site, ("kfz",), start, name="Erika Mustermann", clerk=1, people_days=0, now=long_ago
    )
    store.close()

    assert printed(aufruf("forget")) == "1 people forgotten."
    assert printed(aufruf("forget")) == "0 people forgotten."


def test_one_person_is_exported_and_forgotten_by_their_code(
    aufruf: Aufruf, settings: Settings
) -> None:
    site, store = settings.site("rathaus"), open_store(settings)
    day = local_day(utc_now() + timedelta(days=3), site.zone)
    start = at_wall_clock(day, 10 * 60, site.zone)
    one, other = (
        appointments.book_by_clerk(
            store, site, ("kfz",), start, name=name, clerk=1, people_days=0, now=utc_now()
        )
        for name in ("Erika Mustermann", "Zacharias Quellenhofer")
    )
    store.close()

    told = json.loads(printed(aufruf("export", "person", "--code", one.code)))
    assert told["person"]["name"] == "Erika Mustermann"
    assert printed(aufruf("forget", "--code", one.code)) == "1 people forgotten."
    assert printed(aufruf("forget", "--code", one.code)) == "0 people forgotten."

    names = [
        json.loads(printed(aufruf("export", "person", "--code", each.code)))["person"]["name"]
        for each in (one, other)
    ]
    assert names == ["", "Zacharias Quellenhofer"]
    assert "PersonForgotten" in printed(aufruf("export", "--site", "rathaus"))
    assert b"Mustermann" not in settings.database_path.read_bytes()


@pytest.mark.parametrize("words", [["forget"], ["export", "person"]], ids="-".join)
def test_a_code_that_nobody_holds_is_refused(aufruf: Aufruf, words: list[str]) -> None:
    assert "unknown code" in refused(aufruf(*words, "--code", "K7Q-M4T-XA9"))


@pytest.mark.parametrize(("what", "option"), [("journal", "--site"), ("person", "--code")])
def test_an_export_says_what_it_needs(aufruf: Aufruf, what: str, option: str) -> None:
    result = aufruf("export", what)

    assert result.exit_code == 2 and f"Missing option '{option}'" in result.stderr


def test_the_journal_is_exported_as_a_table(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)

    head, row = csv.reader(printed(aufruf("export", "--site", "rathaus")).splitlines())

    assert head == ["at", "site", "name", "ticket", "appointment", "counter", "clerk", "data"]
    assert row[1:4] == ["rathaus", "TicketIssued", "1"]
    assert json.loads(row[-1])["number"] == "K 001"


def test_the_journal_is_exported_as_lines_of_json(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)

    lines = printed(aufruf("export", "journal", "--site", "rathaus", "--format", "jsonl"))

    (event,) = [json.loads(line) for line in lines.splitlines()]
    assert (event["name"], event["ticket"], event["data"]["kind"]) == ("TicketIssued", 1, "walk_in")


def test_each_site_exports_its_own_journal(aufruf: Aufruf, settings: Settings) -> None:
    draw(settings)

    assert printed(aufruf("export", "--site", "nordend")).count("\n") == 0
    assert "not found" in refused(aufruf("export", "--site", "atlantis"))
