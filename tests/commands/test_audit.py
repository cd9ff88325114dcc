"""`aufruf audit`: the sentence, the list, JSON, and the exit code for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from queue_server.actions import arrivals, calling, desks, staff
from queue_server.app import open_store
from queue_server.settings import Settings, load_settings
from queue_server.store import identities
from queue_server.store.transaction import Store
from tests.commands.conftest import Aufruf, printed
from tests.town import MONDAY, moment

NINE = moment(MONDAY, "09:00")


@pytest.fixture
def settings(aufruf: Aufruf, tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "config.toml", {})


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """The database of a server that goes on running meanwhile."""
    store = open_store(settings)
    staff.add_clerk(store, "Aylin", "rathaus", "clerk", "no hash", now=NINE)
    yield store
    store.close()


def a_call(store: Store, settings: Settings, at: datetime) -> None:
    """Two draw a number, one is called, both go home."""
    site = settings.site("rathaus")
    with store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, "Aylin")
    assert clerk is not None
    counter = site.counters[0].id
    desks.open_counter(store, site, counter, clerk, now=at)
    first, second = (arrivals.draw_ticket(store, site, ("kfz",), now=at) for _ in range(2))
    calling.call_next(store, site, counter, clerk, now=at + timedelta(minutes=2))
    calling.release(store, site, counter, clerk, now=at + timedelta(minutes=3))
    desks.close_counter(store, site, counter, clerk, now=at + timedelta(minutes=3))
    for arrival in (first, second):
        arrivals.give_back(store, arrival.ticket.token, now=at + timedelta(minutes=3))


def doctor(store: Store) -> None:
    """Somebody writes another ticket into the first call."""
    with store.transaction() as tx:
        tx.write("DROP TRIGGER journal_refuses_update")
        tx.write(
            """UPDATE journal SET ticket = ticket + 1 WHERE seq =
               (SELECT MIN(seq) FROM journal WHERE name = 'TicketCalled')"""
        )


def test_a_clean_journal_is_said_in_one_sentence_while_the_server_runs(
    aufruf: Aufruf, settings: Settings, store: Store
) -> None:
    a_call(store, settings, NINE)

    assert printed(aufruf("audit", "--site", "rathaus")).splitlines() == [
        "rathaus: 0 violations in 1 call on 1 day",
        "  1 call taken back",
        "  2 minutes in which a free counter could have called somebody; "
        "the clerks' own pace, no violation",
    ]


def test_every_site_is_audited_when_none_is_named(aufruf: Aufruf, settings: Settings) -> None:
    said = printed(aufruf("audit")).splitlines()

    assert said == [f"{site.id}: 0 violations in 0 calls on 0 days" for site in settings.sites]


def test_days_are_chosen_by_their_local_date(
    aufruf: Aufruf, settings: Settings, store: Store
) -> None:
    for days in range(3):
        a_call(store, settings, NINE + timedelta(days=days))

    said = printed(
        aufruf("audit", "--site", "rathaus", "--from", "2026-03-03", "--to", "2026-03-03")
    )

    assert said.splitlines()[0] == "rathaus: 0 violations in 1 call on 1 day"
    assert "in 2 calls on 2 days" in printed(aufruf("audit", "--from", "2026-03-03"))
    assert "in 1 call on 1 day" in printed(aufruf("audit", "--to", "2026-03-02"))


def test_a_touched_journal_is_listed_and_ends_with_exit_code_1(
    aufruf: Aufruf, settings: Settings, store: Store
) -> None:
    a_call(store, settings, NINE)
    doctor(store)

    result = aufruf("audit", "--site", "rathaus")

    assert result.exit_code == 1
    first, second, *_ = result.stdout.splitlines()
    assert first.startswith("rathaus: 2 violations in 1 call")
    assert "2026-03-02 09:02:00 K 002 (arrival)" in second
    assert "further in front; the rule gives K 001 (arrival)" in second


def test_json_is_one_object_with_every_site(
    aufruf: Aufruf, settings: Settings, store: Store
) -> None:
    a_call(store, settings, NINE)
    doctor(store)

    result = aufruf("audit", "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1 and set(told) == {site.id for site in settings.sites}
    assert told["rathaus"]["calls"] == 1
    overtaken = told["rathaus"]["violations"][0]
    assert overtaken["why"] == "overtaken" and overtaken["at"] == "2026-03-02T09:02:00+01:00"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--site", "nirgends"), "not found"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "--to is before --from"),
        (("--from", "gestern"), "gestern"),
        (("--from", "0001-01-01"), "expected a day from 2000 to 2099"),
        (("--to", "9999-12-31"), "expected a day from 2000 to 2099"),
    ],
)
def test_a_wrong_site_or_day_is_refused_in_words(
    aufruf: Aufruf, words: tuple[str, ...], said: str
) -> None:
    result = aufruf("audit", *words)

    assert result.exit_code != 0 and said in result.stderr and result.stdout == ""
