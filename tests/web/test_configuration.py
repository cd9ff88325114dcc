"""config.toml while the office is open: changed by two pages, by a hand, or not at all."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from queue_server.actions import settings_change
from queue_server.domain import events
from queue_server.domain.errors import StorageFull
from queue_server.settings import ConfigError, load_settings
from queue_server.settings.editing import AddTable, Change, RemoveTable, SetKey
from queue_server.settings.editing.difference import site_marks
from queue_server.settings.editing.file import NotWritten
from queue_server.settings.practising import practising
from queue_server.store import journal
from queue_server.web.app_context import AppContext
from queue_server.web.configuration import Proposal
from tests.faults.disks import no_room_for_files
from tests.office import Office

RATHAUS = ("site", "rathaus")
QUICKER = SetKey((*RATHAUS, "service", "kfz"), "minutes", 12)
NAMED = SetKey(RATHAUS, "phone", "040 123")
AYLIN = 1


@pytest.fixture
def house(office: Office) -> AppContext:
    house: AppContext = office.app.extensions["aufruf"]
    house.configuration.look(office.clock())
    return house


def proposed(house: AppContext, *changes: Change) -> Proposal:
    return house.configuration.proposal(changes, house.now())


def save(house: AppContext, proposal: Proposal) -> None:
    house.configuration.save(proposal, house.site("rathaus"), AYLIN, house.now())


def edit_by_hand(house: AppContext, old: str, new: str) -> None:
    path = house.settings.path
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def written(house: AppContext, site: str = "rathaus") -> list[events.Event]:
    with house.store.snapshot() as snapshot:
        return journal.newest(snapshot, site, events.SettingsChanged.__name__, 9)


def test_what_is_saved_is_in_force_in_the_file_and_in_the_journal(house: AppContext) -> None:
    save(house, proposed(house, QUICKER, NAMED))

    assert house.site("rathaus").service("kfz").minutes == 12
    assert house.settings.path.read_text("utf-8") == house.settings.text
    (event,) = written(house)
    assert isinstance(event, events.SettingsChanged)
    assert event.keys == ("site.rathaus.service.kfz.minutes", "site.rathaus.phone")
    assert (event.clerk, event.by) == (AYLIN, "office")
    assert not house.configuration.look(house.now())


def test_a_change_that_is_none_writes_nothing(house: AppContext) -> None:
    save(house, proposed(house, SetKey((*RATHAUS, "service", "kfz"), "minutes", 10)))

    assert written(house) == []
    assert [each.name for each in house.settings.path.parent.glob("*.bak")] == []


def test_of_two_who_edit_at_once_the_second_is_told(house: AppContext) -> None:
    first, second = proposed(house, QUICKER), proposed(house, NAMED)
    save(house, first)

    with pytest.raises(NotWritten) as refused:
        save(house, second)

    assert refused.value.why == "changed"
    assert house.site("rathaus").phone == ""
    assert len(written(house)) == 1


def test_a_hand_edit_in_between_goes_first(house: AppContext) -> None:
    mine = proposed(house, NAMED)
    edit_by_hand(house, "minutes = 10", "minutes = 11")

    with pytest.raises(NotWritten) as refused:
        save(house, mine)

    assert refused.value.why == "changed"
    assert "minutes = 11" in house.settings.path.read_text("utf-8")
    # Whoever is refused learns what was changed meanwhile, and not what was changed before that.
    assert [each.by for each in written(house)] == ["file"]


def test_a_wrong_whole_is_refused_with_lines_and_reasons(house: AppContext) -> None:
    before = house.settings.path.read_bytes()

    with pytest.raises(ConfigError) as refused:
        proposed(
            house,
            SetKey((*RATHAUS, "service", "kfz"), "minutes", 9999),
            SetKey((*RATHAUS, "counter", "schalter-2"), "services", ["gibt-es-nicht"]),
        )

    lines = house.settings.text.splitlines()
    where = [
        f"line {number}:"
        for number, line in enumerate(lines, start=1)
        if line == 'services = ["ausweise"]'
    ]
    assert len(refused.value.problems) == 2
    assert "expected a whole number from 1 to 480, got 9999" in refused.value.problems[0]
    assert where[0] in refused.value.problems[1]
    assert house.settings.path.read_bytes() == before


def test_a_hand_edit_that_is_right_is_taken_over_by_itself(house: AppContext) -> None:
    edit_by_hand(house, 'name = "Bürgerbüro Nordend"', 'name = "Bürgerhaus Nordend"')

    assert house.configuration.look(house.now())

    assert house.site("nordend").name == "Bürgerhaus Nordend"
    (event,) = written(house, "nordend")
    assert isinstance(event, events.SettingsChanged)
    assert (event.keys, event.by, event.clerk) == (("site.nordend.name",), "file", None)
    assert written(house) == []


def test_a_hand_edit_that_is_wrong_is_told_and_the_old_settings_stay(house: AppContext) -> None:
    edit_by_hand(house, "minutes = 15\nfee", 'minutes = "viele"\nfee')

    assert house.configuration.look(house.now())

    assert house.configuration.hand_edit is not None
    (problem,) = {each.partition(": ")[2] for each in house.configuration.hand_edit.problems[:1]}
    assert "expected a whole number from 1 to 480" in problem
    assert house.site("rathaus").service("meldewesen").minutes == 15
    # Told once, and over as soon as the file is right again.
    assert not house.configuration.look(house.now())
    edit_by_hand(house, '"viele"', "16")
    assert house.configuration.look(house.now())
    assert house.configuration.hand_edit is None
    assert house.site("rathaus").service("meldewesen").minutes == 16


def test_what_somebody_waits_for_can_not_be_taken_away(house: AppContext, office: Office) -> None:
    drawn = office.signed_in("Aylin").post(
        "/api/v1/sites/rathaus/tickets", json={"services": ["fundbuero"]}
    )
    assert drawn.status_code == 201
    text = house.settings.text

    (found,) = proposed(house, RemoveTable((*RATHAUS, "service", "fundbuero"))).in_use

    assert (found.kind, found.id, found.people) == ("service", "fundbuero", 1)
    # The same by hand: not in force while somebody waits, and by itself when nobody does.
    block = text[text.index('[[site.service]]\nid = "fundbuero"') : text.index("[[site.counter]]")]
    edit_by_hand(house, block, "")
    house.configuration.look(house.now())
    assert house.configuration.hand_edit is not None
    assert house.site("rathaus").service("fundbuero")
    office.visitor().delete(f"/api/v1/tickets/{drawn.json['token']}")
    office.clock.pass_time(minutes=2)
    assert house.configuration.look(house.now())
    assert [service.id for service in house.site("rathaus").services][-1] == "trauung"


def test_open_counters_serve_what_is_new(house: AppContext, office: Office) -> None:
    aylin = office.signed_in("Aylin", "schalter-1")
    service = {"id": "hunde", "name": "Hund anmelden", "group": "H", "minutes": 5}

    save(house, proposed(house, AddTable(RATHAUS, "service", service)))

    drawn = aylin.post("/api/v1/sites/rathaus/tickets", json={"services": ["hunde"]})
    called = aylin.post("/api/v1/counters/schalter-1/calls", json={})
    assert called.status_code == 200, called.text
    assert called.json["ticket"]["number"] == drawn.json["number"] == "H 001"


def test_what_a_start_alone_can_bring_is_named_and_the_rest_is_in_force(house: AppContext) -> None:
    edit_by_hand(house, 'host = "127.0.0.1"', 'host = "127.0.0.1"\nport = 8001')
    edit_by_hand(house, 'name = "Bürgerbüro Nordend"', 'name = "Nordend"')

    house.configuration.look(house.now())

    assert house.settings.server.port == 8000
    assert house.site("nordend").name == "Nordend"
    assert house.configuration.waits_for_a_start == ["server.port"]


def test_a_site_can_not_vanish_under_its_people(house: AppContext) -> None:
    text = house.settings.text
    edit_by_hand(house, text[text.index('[[site]]\nid = "nordend"') :], "")

    house.configuration.look(house.now())

    assert house.configuration.hand_edit is not None
    assert list(house.configuration.hand_edit.needs_start) == ["site.nordend"]
    assert house.site("nordend").name == "Bürgerbüro Nordend"


def test_without_room_for_the_journal_the_old_file_is_back(house: AppContext) -> None:
    mine = proposed(house, NAMED)
    before = house.settings.path.read_bytes()

    with no_room_for_files(), pytest.raises((NotWritten, StorageFull)):
        save(house, mine)

    assert house.settings.path.read_bytes() == before
    assert house.site("rathaus").phone == ""


def test_a_file_that_can_not_be_read_any_more_changes_nothing(house: AppContext) -> None:
    path: Path = house.settings.path
    path.rename(path.with_name("weg.toml"))

    assert house.configuration.look(house.now())

    assert house.configuration.hand_edit is not None
    assert "there is no such file" in house.configuration.hand_edit.problems[0]
    assert house.site("rathaus").name == "Rathaus"


def test_a_site_that_changed_while_nobody_was_served_is_told_at_the_start(
    house: AppContext,
) -> None:
    def start() -> list[str]:
        read = load_settings(house.settings.path, {})
        marks = site_marks(read.text)
        return [
            site.id
            for site in read.sites
            if settings_change.note_start(house.store, site, marks[site.id], now=house.now())
        ]

    assert start() == []
    save(house, proposed(house, NAMED))
    assert start() == []
    edit_by_hand(house, "# The office", "# Unser Haus\n# The office")
    assert start() == []

    edit_by_hand(house, 'name = "Bürgerbüro Nordend"', 'name = "Nordend"')

    assert start() == ["nordend"]
    assert start() == []
    (event,) = written(house, "nordend")
    assert isinstance(event, events.SettingsChanged) and event.by == "start"


def test_of_two_who_save_at_the_same_moment_one_is_told(house: AppContext) -> None:
    both, told = [proposed(house, QUICKER), proposed(house, NAMED)], []
    line = threading.Barrier(len(both))

    def press(proposal: Proposal) -> None:
        line.wait()
        try:
            save(house, proposal)
        except NotWritten as refusal:
            told.append(refusal.why)

    with ThreadPoolExecutor(len(both)) as hands:
        list(hands.map(press, both))

    assert told == ["changed"] and len(written(house)) == 1
    assert house.settings.path.read_text("utf-8") == house.settings.text


def test_where_nothing_is_for_good_the_file_is_neither_written_nor_taken_over(
    house: AppContext,
) -> None:
    house.settings = practising(house.settings)
    before = house.settings.path.read_bytes()

    with pytest.raises(NotWritten) as refused:
        save(house, proposed(house, NAMED))
    assert (refused.value.why, house.settings.path.read_bytes()) == ("demo", before)

    edit_by_hand(house, 'name = "Rathaus"', 'name = "Stadthaus"')
    assert not house.configuration.look(house.now())
    assert house.settings.is_practice and house.site("rathaus").name == "Übung Rathaus"
