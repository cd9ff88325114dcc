"""Numbers stop soon where somebody came, and within twenty seconds everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.actions import arrivals
from queue_server.stop_rounds import EVERYWHERE_SECONDS, StopRounds
from queue_server.store import decisions
from tests.office import HERE, Office, make_office
from tests.stopping import site_of

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNTIL_EVENING = "\n".join(f'{day} = ["00:00-20:00"]' for day in WEEK)
# With one counter and fifteen minutes each, more than a day.
PEOPLE = 120
COUNTERS = {"rathaus": ("Aylin", "schalter-1"), "nordend": ("Clara", "nordend-1")}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    text = (HERE / "office.toml").read_text("utf-8")
    text = text.replace('mon = ["08:00-12:00"]', UNTIL_EVENING).replace("-24:00", "-20:00")
    office = make_office(tmp_path, text)
    yield office
    office.store.close()


@pytest.fixture
def rounds(office: Office) -> StopRounds:
    rounds = StopRounds(office.app.extensions["aufruf"])
    rounds.round(0)
    office.store.listen(rounds.hear)
    return rounds


def fills(office: Office, id: str) -> None:
    """More people come than can be served today."""
    name, counter = COUNTERS[id]
    office.signed_in(name, counter)
    for _ in range(PEOPLE):
        arrivals.draw_ticket(office.store, site_of(office, id), ("meldewesen",), now=office.clock())


def is_stopped(office: Office, id: str) -> bool:
    site, now = site_of(office, id), office.clock()
    with office.store.snapshot() as snapshot:
        return bool(decisions.stops_of_day(snapshot, id, now.astimezone(site.zone).date()))


def test_numbers_stop_in_the_next_round_where_somebody_came(
    office: Office, rounds: StopRounds
) -> None:
    fills(office, "rathaus")

    rounds.round(2)

    assert is_stopped(office, "rathaus") and not is_stopped(office, "nordend")


def test_where_nothing_was_heard_numbers_stop_when_all_are_looked_at(office: Office) -> None:
    # These rounds hear of nobody who comes.
    rounds = StopRounds(office.app.extensions["aufruf"])
    rounds.round(0)
    fills(office, "nordend")

    rounds.round(EVERYWHERE_SECONDS - 1)
    assert not is_stopped(office, "nordend")
    rounds.round(EVERYWHERE_SECONDS)
    assert is_stopped(office, "nordend")


def test_a_server_without_duties_leaves_that_to_the_one_that_has_them(
    office: Office, rounds: StopRounds
) -> None:
    office.app.extensions["aufruf"].is_on_duty = lambda: False
    fills(office, "rathaus")

    rounds.round(EVERYWHERE_SECONDS)

    assert not is_stopped(office, "rathaus")


def test_what_cannot_be_read_at_one_site_keeps_the_stops_of_no_other(
    office: Office, rounds: StopRounds
) -> None:
    fills(office, "rathaus")
    fills(office, "nordend")
    with office.store.transaction() as tx:
        tx.write("INSERT INTO special_days VALUES ('rathaus', 'no day', '[]', '')")

    with pytest.raises(ValueError):
        rounds.round(2)

    assert is_stopped(office, "nordend") and not is_stopped(office, "rathaus")
