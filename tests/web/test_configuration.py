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
def context(office: Office) -> AppContext:
    context: AppContext = office.app.extensions["aufruf"]
    context.configuration.look(office.clock())
    return context


def proposed(context: AppContext, *changes: Change) -> Proposal:
    return context.configuration.proposal(changes, context.now())


def save(context: AppContext, proposal: Proposal) -> None:
    context.configuration.save(proposal, context.site("rathaus"), AYLIN, context.now())


def edit_by_hand(context: AppContext, old: str, new: str) -> None:
    path = context.settings.path
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def written(context: AppContext, site: str = "rathaus") -> list[events.Event]:
    with context.store.snapshot() as snapshot:
        return journal.newest(snapshot, site, events.SettingsChanged.__name__, 9)


def test_what_is_saved_is_in_force_in_the_file_and_in_the_journal(context: AppContext) -> None:
    save(context, proposed(context, QUICKER, NAMED))

    assert context.site("rathaus").service("kfz").minutes == 12
    assert context.settings.path.read_text("utf-8") == context.settings.text
    (event,) = written(context)
    assert isinstance(event, events.SettingsChanged)
    assert event.keys == ("site.rathaus.service.kfz.minutes", "site.rathaus.phone")
    assert (event.clerk, event.by) == (AYLIN, "office")
    assert not context.configuration.look(context.now())


def test_a_change_that_is_none_writes_nothing(context: AppContext) -> None:
    save(context, proposed(context, SetKey((*RATHAUS, "service", "kfz"), "minutes", 10)))

    assert written(context) == []
    assert [each.name for each in context.settings.path.parent.glob("*.bak")] == []


def test_of_two_who_edit_at_once_the_second_is_told(context: AppContext) -> None:
    first, second = proposed(context, QUICKER), proposed(context, NAMED)
    save(context, first)

    with pytest.raises(NotWritten) as refused:
        save(context, second)

    assert refused.value.why == "changed"
    assert context.site("rathaus").phone == ""
    assert len(written(context)) == 1


def test_a_hand_edit_in_between_goes_first(context: AppContext) -> None:
    mine = proposed(context, NAMED)
    edit_by_hand(context, "minutes = 10", "minutes = 11")

    with pytest.raises(NotWritten) as refused:
        save(context, mine)

    assert refused.value.why == "changed"
    assert "minutes = 11" in context.settings.path.read_text("utf-8")
    # Whoever is refused learns what was changed meanwhile, and not what was changed before that.
    assert [each.by for each in written(context)] == ["file"]


def test_a_wrong_whole_is_refused_with_lines_and_reasons(context: AppContext) -> None:
    before = context.settings.path.read_bytes()

    with pytest.raises(ConfigError) as refused:
        proposed(
            context,
            SetKey((*RATHAUS, "service", "kfz"), "minutes", 9999),
            SetKey((*RATHAUS, "counter", "schalter-2"), "services", ["gibt-es-nicht"]),
        )

    lines = context.settings.text.splitlines()
    where = [
        f"line {number}:"
        for number, line in enumerate(lines, start=1)
        if line == 'services = ["ausweise"]'
    ]
    assert len(refused.value.problems) == 2
    assert "expected a whole number from 1 to 480, got 9999" in refused.value.problems[0]
    assert where[0] in refused.value.problems[1]
    assert context.settings.path.read_bytes() == before


def test_a_hand_edit_that_is_right_is_taken_over_by_itself(context: AppContext) -> None:
    edit_by_hand(context, 'name = "Bürgerbüro Nordend"', 'name = "Bürgerhaus Nordend"')

    assert context.configuration.look(context.now())

    assert context.site("nordend").name == "Bürgerhaus Nordend"
    (event,) = written(context, "nordend")
    assert isinstance(event, events.SettingsChanged)
    assert (event.keys, event.by, event.clerk) == (("site.nordend.name",), "file", None)
    assert written(context) == []


def test_a_hand_edit_that_is_wrong_is_told_and_the_old_settings_stay(context: AppContext) -> None:
    edit_by_hand(context, "minutes = 15\nfee", 'minutes = "viele"\nfee')

    assert context.configuration.look(context.now())

    assert context.configuration.hand_edit is not None
    (problem,) = {each.partition(": ")[2] for each in context.configuration.hand_edit.problems[:1]}
    assert "expected a whole number from 1 to 480" in problem
    assert context.site("rathaus").service("meldewesen").minutes == 15
    # Told once, and over as soon as the file is right again.
    assert not context.configuration.look(context.now())
    edit_by_hand(context, '"viele"', "16")
    assert context.configuration.look(context.now())
    assert context.configuration.hand_edit is None
    assert context.site("rathaus").service("meldewesen").minutes == 16


def test_what_somebody_waits_for_can_not_be_taken_away(context: AppContext, office: Office) -> None:
    drawn = office.signed_in("Aylin").post(
        "/api/v1/sites/rathaus/tickets", json={"services": ["fundbuero"]}
    )
    assert drawn.status_code == 201
    text = context.settings.text

    (found,) = proposed(context, RemoveTable((*RATHAUS, "service", "fundbuero"))).in_use

    assert (found.kind, found.id, found.people) == ("service", "fundbuero", 1)
    # The same by hand: not in force while somebody waits, and by itself when nobody does.
    block = text[text.index('[[site.service]]\nid = "fundbuero"') : text.index("[[site.counter]]")]
    edit_by_hand(context, block, "")
    context.configuration.look(context.now())
    assert context.configuration.hand_edit is not None
    assert context.site("rathaus").service("fundbuero")
    office.visitor().delete(f"/api/v1/tickets/{drawn.json['token']}")
    office.clock.pass_time(minutes=2)
    assert context.configuration.look(context.now())
    assert [service.id for service in context.site("rathaus").services][-1] == "trauung"


def test_open_counters_serve_what_is_new(context: AppContext, office: Office) -> None:
    aylin = office.signed_in("Aylin", "schalter-1")
    service = {"id": "hunde", "name": "Hund anmelden", "group": "H", "minutes": 5}

    save(context, proposed(context, AddTable(RATHAUS, "service", service)))

    drawn = aylin.post("/api/v1/sites/rathaus/tickets", json={"services": ["hunde"]})
    called = aylin.post("/api/v1/counters/schalter-1/calls", json={})
    assert called.status_code == 200, called.text
    assert called.json["ticket"]["number"] == drawn.json["number"] == "H 001"


def test_what_a_start_alone_can_bring_is_named_and_the_rest_is_in_force(
    context: AppContext,
) -> None:
    edit_by_hand(context, 'host = "127.0.0.1"', 'host = "127.0.0.1"\nport = 8001')
    edit_by_hand(context, 'name = "Bürgerbüro Nordend"', 'name = "Nordend"')

    context.configuration.look(context.now())

    assert context.settings.server.port == 8000
    assert context.site("nordend").name == "Nordend"
    assert context.configuration.waits_for_a_start == ["server.port"]


def test_a_site_can_not_vanish_under_its_people(context: AppContext) -> None:
    text = context.settings.text
    edit_by_hand(context, text[text.index('[[site]]\nid = "nordend"') :], "")

    context.configuration.look(context.now())

    assert context.configuration.hand_edit is not None
    assert list(context.configuration.hand_edit.needs_start) == ["site.nordend"]
    assert context.site("nordend").name == "Bürgerbüro Nordend"


def test_without_room_for_the_journal_the_old_file_is_back(context: AppContext) -> None:
    mine = proposed(context, NAMED)
    before = context.settings.path.read_bytes()

    with no_room_for_files(), pytest.raises((NotWritten, StorageFull)):
        save(context, mine)

    assert context.settings.path.read_bytes() == before
    assert context.site("rathaus").phone == ""


def test_a_file_that_can_not_be_read_any_more_changes_nothing(context: AppContext) -> None:
    path: Path = context.settings.path
    path.rename(path.with_name("weg.toml"))

    assert context.configuration.look(context.now())

    assert context.configuration.hand_edit is not None
    assert "there is no such file" in context.configuration.hand_edit.problems[0]
    assert context.site("rathaus").name == "Rathaus"


def test_a_site_that_changed_while_nobody_was_served_is_told_at_the_start(
    context: AppContext,
) -> None:
    def start() -> list[str]:
        read = load_settings(context.settings.path, {})
        marks = site_marks(read.text)
        return [
            site.id
            for site in read.sites
            if settings_change.note_start(context.store, site, marks[site.id], now=context.now())
        ]

    assert start() == []
    save(context, proposed(context, NAMED))
    assert start() == []
    edit_by_hand(context, "# The office", "# Unser Haus\n# The office")
    assert start() == []

    edit_by_hand(context, 'name = "Bürgerbüro Nordend"', 'name = "Nordend"')

    assert start() == ["nordend"]
    assert start() == []
    (event,) = written(context, "nordend")
    assert isinstance(event, events.SettingsChanged) and event.by == "start"


def test_of_two_who_save_at_the_same_moment_one_is_told(context: AppContext) -> None:
    both, told = [proposed(context, QUICKER), proposed(context, NAMED)], []
    line = threading.Barrier(len(both))

    def press(proposal: Proposal) -> None:
        line.wait()
        try:
            save(context, proposal)
        except NotWritten as refusal:
            told.append(refusal.why)

    with ThreadPoolExecutor(len(both)) as hands:
        list(hands.map(press, both))

    assert told == ["changed"] and len(written(context)) == 1
    assert context.settings.path.read_text("utf-8") == context.settings.text


def test_where_nothing_is_for_good_the_file_is_neither_written_nor_taken_over(
    context: AppContext,
) -> None:
    context.settings = practising(context.settings)
    before = context.settings.path.read_bytes()

    with pytest.raises(NotWritten) as refused:
        save(context, proposed(context, NAMED))
    assert (refused.value.why, context.settings.path.read_bytes()) == ("demo", before)

    edit_by_hand(context, 'name = "Rathaus"', 'name = "Stadthaus"')
    assert not context.configuration.look(context.now())
    assert context.settings.is_practice and context.site("rathaus").name == "Übung Rathaus"
