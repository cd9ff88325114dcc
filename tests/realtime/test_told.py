"""What one person is told is nobody else's news."""

from __future__ import annotations

from flask.testing import FlaskClient

from queue_server.actions import ticket_notes
from queue_server.domain.events import TicketIssued
from queue_server.domain.waiting import Range
from queue_server.store import tickets
from tests.api.endpoints import API, DRAW
from tests.office import Office
from tests.realtime.conftest import Line


def test_no_board_is_pushed_because_somebody_was_told_a_range(
    office: Office, aylin: FlaskClient, wall: Line
) -> None:
    drawn = aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW).json
    wall.heard("board")
    with office.store.snapshot() as snapshot:
        ticket = tickets.get(snapshot, "rathaus", int(drawn["id"]))
    issued = TicketIssued(
        at=office.clock(), site=ticket.site, ticket=ticket.id, kind="walk_in", services=("kfz",)
    )
    ticket_notes.record_forecasts(office.store, [(issued, Range(5, 10, 8))])

    assert wall.heard("board") == []


def test_a_drawn_number_that_is_told_a_range_pushes_one_board(
    aylin: FlaskClient, wall: Line
) -> None:
    told = aylin.post(f"{API}/sites/rathaus/tickets", json=DRAW).json

    assert "likely_minutes" in told and len(wall.heard("board")) == 1
