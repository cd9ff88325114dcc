"""The journal beside the tables: both must say the same."""

from __future__ import annotations

from dataclasses import replace

from queue_server.domain.office import Office
from queue_server.domain.ticket import AT_COUNTER, Ticket
from queue_server.store import counters, journal
from queue_server.store.database import Reader
from queue_server.store.tickets import from_row
from tests.town import Town


def told(town: Town, site: str = "rathaus") -> Office:
    """All that the journal tells of a site."""
    with town.store.snapshot() as snapshot:
        return Office.of(town.site(site)).fold(journal.events(snapshot, site))


def table(town: Town, site: str = "rathaus") -> dict[int, Ticket]:
    """The tickets table without what no journal holds: tokens and languages."""
    with town.store.snapshot() as snapshot:
        rows = snapshot.rows("SELECT * FROM tickets WHERE site = :site", {"site": site})
    return {row["id"]: without_secrets(from_row(row)) for row in rows}


def without_secrets(ticket: Ticket) -> Ticket:
    return replace(ticket, token="", language="de")


def the_journal_is_the_tables(town: Town, site: str = "rathaus") -> None:
    """Tickets, planned minutes, open counters and the guard's share, all in step."""
    office, tickets = told(town, site), table(town, site)
    assert {id: without_secrets(t) for id, t in office.tickets.items()} == tickets
    assert office.waiting.keys() == {t.id for t in tickets.values() if t.state == "waiting"}
    present = {t.counter: t.id for t in tickets.values() if t.state in AT_COUNTER}
    assert {counter: ticket.id for counter, ticket in office.here.items()} == present
    with town.store.snapshot() as snapshot:
        assert office.minutes == _minutes(snapshot, site)
        assert _shares(office) == _counted(snapshot, site)
        open_now = {each.counter: each for each in counters.open_at(snapshot, site)}
    assert {id: (s.services, s.clerk, s.opened_at) for id, s in office.counters.items()} == {
        id: (s.services, s.clerk, s.opened_at) for id, s in open_now.items()
    }


def _minutes(reader: Reader, site: str) -> dict[int, int]:
    rows = reader.rows("SELECT id, minutes FROM tickets WHERE site = :site", {"site": site})
    return {row["id"]: row["minutes"] for row in rows}


def _shares(office: Office) -> set[tuple[str, int, bool]]:
    return {(pool, s.call, s.guard) for pool, each in office.contested.items() for s in each}


def _counted(reader: Reader, site: str) -> set[tuple[str, int, bool]]:
    rows = reader.rows(
        "SELECT pool, id, guard FROM calls WHERE site = :site AND contested = 1", {"site": site}
    )
    return {(row["pool"], row["id"], bool(row["guard"])) for row in rows}
