"""Housekeeping while the disk is full, and while something at one site cannot be read."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from queue_server.domain.errors import StorageFailed
from queue_server.domain.timestamps import ClockWatch
from queue_server.mail.postman import Postman
from queue_server.serving_app import keep_house, tidy
from queue_server.store import counters
from tests.faults.disks import no_room_for_files
from tests.office import Office
from tests.realtime.conftest import Dial, Line


def test_what_time_alone_changes_is_shown_also_while_nothing_can_be_written(
    office: Office, aylin: FlaskClient, dial: Dial, wall: Line
) -> None:
    """A desk is deserted, which can't be noted."""
    desk = dial(aylin)
    desk.ask("watch_queue", {"site": "rathaus"})
    context = office.app.extensions["aufruf"]
    postman = Postman(context.store, context.settings)
    office.clock.pass_time(hours=15)

    with no_room_for_files(), pytest.raises(StorageFailed):
        keep_house(office.app, postman, ClockWatch(), with_people=False)

    assert wall.words() == ["board"]
    assert not desk.is_up()


def test_a_clock_that_was_set_while_nothing_could_be_written_closes_no_counter_afterwards(
    office: Office, aylin: FlaskClient
) -> None:
    context, watch = office.app.extensions["aufruf"], ClockWatch()
    postman = Postman(context.store, context.settings)
    keep_house(office.app, postman, watch, with_people=False)
    office.clock.pass_time(hours=1)

    with no_room_for_files(), pytest.raises(StorageFailed):
        keep_house(office.app, postman, watch, with_people=False)
    keep_house(office.app, postman, watch, with_people=False)

    with office.store.snapshot() as snapshot:
        assert [each.counter for each in counters.open_at(snapshot, "rathaus")] == ["schalter-1"]


def test_what_cannot_be_read_at_one_site_keeps_housekeeping_from_no_other(
    office: Office, aylin: FlaskClient
) -> None:
    office.signed_in("Clara", "nordend-1")
    office.clock.pass_time(minutes=40)
    with office.store.transaction() as tx:
        # In no year that has a date.
        tx.write("UPDATE counter_sessions SET opened_at = :at WHERE site = 'rathaus'",
                 {"at": 9 * 10**17})  # fmt: skip

    with pytest.raises(ValueError) as fault:
        tidy(office.app.extensions["aufruf"])

    assert fault.value.__notes__ == ["at site rathaus"]
    with office.store.snapshot() as snapshot:
        assert counters.open_at(snapshot, "nordend") == []
