"""How fast an office really works, measured in its own journal.

The last sixty days, of each service the last 200 visits. Definitions: a visit lasts from
"arrived" to "finished" at the counter that finished it; walking is from the last call to
"arrived"; a pause is from "finished" to the next call at the same counter, when the person called
was already waiting; a vain call is from the call to "not here".
"""

from __future__ import annotations

from datetime import datetime, timedelta

from queue_server.domain.site import Site
from queue_server.domain.timestamps import milliseconds
from queue_server.forecast import service_times as pace
from queue_server.forecast.service_times import ServiceTimes
from queue_server.store.database import Reader

DAYS = 60
VISITS_PER_SERVICE = 200
CASES = 400
# Longer ways and pauses than this are breaks, not ways and pauses.
LONGEST_WAY_MS = 5 * 60_000


def service_times_of(reader: Reader, site: Site, now: datetime) -> ServiceTimes:
    """What is measured of this site, each figure shrunk to what is planned or usual."""
    since = milliseconds(now - timedelta(days=DAYS))
    early, spread = pace.punctuality(_offsets(reader, site, since))
    shows, misses = _shares(reader, site, since)
    return ServiceTimes(
        lasting=_lasting(reader, site, since),
        shows=shows,
        early=early,
        spread=spread,
        misses=misses,
        walk=pace.usual(_ways(reader, site, since, "TicketArrived"), pace.PRIOR_WALK_MS),
        pause=pace.usual(_pauses(reader, site, since), pace.PRIOR_PAUSE_MS),
        vain=pace.usual(_ways(reader, site, since, "TicketMissed"), pace.PRIOR_VAIN_MS),
    )


def _lasting(reader: Reader, site: Site, since: int) -> dict[str, pace.VisitLength]:
    rows = reader.rows(
        """SELECT service, minutes, lasted FROM (
               SELECT tickets.service, tickets.minutes, finished.at - (
                   SELECT MAX(arrived.at) FROM journal AS arrived
                   WHERE arrived.ticket = finished.ticket AND arrived.seq < finished.seq
                       AND arrived.name = 'TicketArrived'
               ) AS lasted, ROW_NUMBER() OVER (
                   PARTITION BY tickets.service ORDER BY finished.seq DESC
               ) AS newest
               FROM journal AS finished JOIN tickets ON tickets.id = finished.ticket
               WHERE finished.site = :site AND finished.name = 'TicketFinished'
                   AND finished.at >= :since
           ) AS visits WHERE newest <= :most AND lasted > 0""",
        {"site": site.id, "since": since, "most": VISITS_PER_SERVICE},
    )
    ratios: dict[str, list[float]] = {}
    for row in rows:
        ratios.setdefault(row["service"], []).append(row["lasted"] / (row["minutes"] * 60_000))
    return {service: pace.lasting(each) for service, each in ratios.items()}


def _offsets(reader: Reader, site: Site, since: int) -> list[float]:
    """By how much people came after the time of their appointment."""
    rows = reader.rows(
        """SELECT journal.at - appointments.start_at AS late
           FROM journal JOIN appointments ON appointments.id = journal.appointment
           WHERE journal.site = :site AND journal.name = 'AppointmentCheckedIn'
               AND journal.at >= :since ORDER BY journal.seq DESC LIMIT :most""",
        {"site": site.id, "since": since, "most": CASES},
    )
    return [row["late"] for row in rows]


def _shares(reader: Reader, site: Site, since: int) -> tuple[float, float]:
    """The share of appointments that come, and of calls that nobody answers."""
    rows = reader.rows(
        """SELECT name, COUNT(*) AS happened FROM journal
           WHERE site = :site AND at >= :since AND name IN ('AppointmentCheckedIn',
               'AppointmentMissed', 'TicketCalled', 'TicketMissed', 'MissUndone')
           GROUP BY name""",
        {"site": site.id, "since": since},
    )
    found = {row["name"]: row["happened"] for row in rows}
    came, missed = found.get("AppointmentCheckedIn", 0), found.get("AppointmentMissed", 0)
    calls = found.get("TicketCalled", 0)
    vain = max(0, found.get("TicketMissed", 0) - found.get("MissUndone", 0))
    no_show = pace.share(missed, came + missed, pace.PRIOR_NO_SHOW, pace.PRIOR_APPOINTMENTS)
    return 1 - no_show, pace.share(min(vain, calls), calls, pace.PRIOR_MISSED, pace.PRIOR_CALLS)


def _ways(reader: Reader, site: Site, since: int, end: str) -> list[float]:
    """From the last call to this end of it."""
    rows = reader.rows(
        """SELECT ended.at - (
               SELECT MAX(called.at) FROM journal AS called
               WHERE called.ticket = ended.ticket AND called.seq < ended.seq
                   AND called.name = 'TicketCalled'
           ) AS way
           FROM journal AS ended
           WHERE ended.site = :site AND ended.name = :end AND ended.at >= :since
           ORDER BY ended.seq DESC LIMIT :most""",
        {"site": site.id, "since": since, "end": end, "most": CASES},
    )
    return [row["way"] for row in rows if row["way"] and 0 < row["way"] <= 3 * LONGEST_WAY_MS]


def _pauses(reader: Reader, site: Site, since: int) -> list[float]:
    """From the end of a visit to the next call of somebody who already waited."""
    rows = reader.rows(
        """SELECT steps.name, steps.at, steps.before_name, steps.before_at, tickets.issued_at
           FROM (
               SELECT name, at, seq, ticket,
                   LAG(name) OVER (PARTITION BY counter ORDER BY seq) AS before_name,
                   LAG(at) OVER (PARTITION BY counter ORDER BY seq) AS before_at
               FROM (
                   SELECT name, at, seq, ticket, counter FROM journal
                   WHERE site = :site AND at >= :since
                       AND name IN ('TicketFinished', 'TicketCalled')
                   ORDER BY seq DESC LIMIT :most
               ) AS latest
           ) AS steps JOIN tickets ON tickets.id = steps.ticket""",
        {"site": site.id, "since": since, "most": 4 * CASES},
    )
    return [
        row["at"] - row["before_at"]
        for row in rows
        if (row["before_name"], row["name"]) == ("TicketFinished", "TicketCalled")
        and row["issued_at"] <= row["before_at"]
        and 0 <= row["at"] - row["before_at"] <= LONGEST_WAY_MS
    ]
