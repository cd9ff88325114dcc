"""Stopping numbers in an office, as a clerk or the forecast does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.actions import stops
from queue_server.domain.site import Site
from queue_server.store import identities
from tests.office import Office


@dataclass(frozen=True)
class Ends:
    """A forecast, as far as it is asked."""

    ends: Mapping[str, datetime | None]


def site_of(office: Office, id: str = "rathaus") -> Site:
    site: Site = office.app.extensions["aufruf"].site(id)
    return site


def stop(
    office: Office, service: str = "*", reason: str = "Wasserschaden", site: str = "rathaus"
) -> None:
    """A clerk stops the numbers."""
    clerk = _clerk(office, site)
    place = site_of(office, site)
    stops.stop(office.store, place, clerk, service, reason=reason, now=office.clock())


def open_by_hand(office: Office, service: str = "*", site: str = "rathaus") -> None:
    clerk, place = _clerk(office, site), site_of(office, site)
    stops.open_again(office.store, place, clerk, service, reason="Hilfe ist da", now=office.clock())


def fill_the_day(office: Office, *services: str, site: str = "nordend") -> None:
    """The forecast says that the work for these lasts ten hours."""
    told = Ends({service: office.clock() + timedelta(hours=10) for service in services})
    assert stops.follow_forecast(office.store, site_of(office, site), told, office.clock())


def _clerk(office: Office, site: str) -> int:
    name = "Aylin" if site == "rathaus" else "Clara"
    with office.store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, name)
    assert clerk is not None
    return clerk.id
