"""Who waits is read once and then only where something has changed; what is told is always true."""

from __future__ import annotations

import pytest

from queue_server.domain.ticket import Ticket
from queue_server.store import journal, lines
from queue_server.store.database import Reader
from queue_server.store.kept_fronts import MOST_SINGLY, KeptFronts
from tests.town import Town


@pytest.fixture
def kept() -> KeptFronts:
    return KeptFronts()


def told(
    town: Town, reader: Reader, kept: KeptFronts, site: str = "rathaus", most: int = 1000
) -> list[Ticket]:
    version = journal.version(reader, site)
    return kept.of(reader, site, "due_first", most, town.now, version=version)


def read(town: Town, reader: Reader, site: str = "rathaus", most: int = 1000) -> list[Ticket]:
    return lines.fronts(reader, site, "due_first", most, town.now)


def is_true(town: Town, kept: KeptFronts, most: int = 1000) -> bool:
    with town.store.snapshot() as reader:
        return told(town, reader, kept, most=most) == read(town, reader, most=most) != []


def test_whatever_changes_about_somebody_who_waits_is_told(town: Town, kept: KeptFronts) -> None:
    town.change_service("Meldewesen", documents=("Ausweis",))
    first, second, third = town.draw("Meldewesen"), town.draw(), town.draw()
    town.open_counter("Schalter 1")
    for change in (
        lambda: town.set_services(first, "Kfz"),
        lambda: town.declare_missing(second, "Ausweis"),
        lambda: town.postpone(third),
        lambda: town.pass_time(minutes=6),
        lambda: town.prefer(second),
        lambda: town.call_chosen(third),
        lambda: town.no_show(),
        lambda: town.resume(third),
        lambda: town.cancel(first),
    ):
        assert is_true(town, kept)
        change()
        assert is_true(town, kept)


def test_a_few_for_the_walls_and_everybody_for_the_desks(town: Town, kept: KeptFronts) -> None:
    town.open_counter("Schalter 1")
    for _ in range(MOST_SINGLY + 5):
        town.draw()

    for most in (6, 1000, 6, 2):
        assert is_true(town, kept, most)
        town.serve_next()
        assert is_true(town, kept, most)


def test_whoever_reads_an_older_state_is_told_that_one(town: Town, kept: KeptFronts) -> None:
    first = town.draw()
    with town.store.snapshot() as older:
        then = read(town, older)
        town.prefer(first)
        town.draw()
        assert is_true(town, kept)

        assert told(town, older, kept) == then
    assert is_true(town, kept)


def test_each_site_has_its_own(town: Town, kept: KeptFronts) -> None:
    here, there = town.draw(), town.draw(site="nordend")

    with town.store.snapshot() as reader:
        found = [told(town, reader, kept, site) for site in ("rathaus", "nordend", "rathaus")]
    assert [[one.id for one in some] for some in found] == [[here.id], [there.id], [here.id]]
