"""The signed-in clerk who asks for a page, with their own site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from queue_server.domain.errors import Refused
from queue_server.domain.hours import local_day
from queue_server.domain.site import Site
from queue_server.store.database import Store
from queue_server.store.identities import Clerk
from queue_server.web import wording
from queue_server.web.hall import Hall, hall
from queue_server.web.identity import require_clerk


@dataclass(frozen=True, slots=True)
class Asker:
    """Nobody ever acts at another site than their own from here."""

    house: Hall
    site: Site
    clerk: Clerk
    now: datetime

    @property
    def store(self) -> Store:
        return self.house.store

    @property
    def today(self) -> date:
        return local_day(self.now, self.site.zone)

    @property
    def mail_is_on(self) -> bool:
        return self.house.settings.mail.is_on

    def sentence(self, refusal: Refused) -> str:
        return wording.sentence(refusal, self.site.zone, self.now)


def asker(role: str = "clerk") -> Asker:
    """Who asks, with at least this role. Raises `NotSignedIn`, `NotAllowed`."""
    clerk = require_clerk(role=role)
    house = hall()
    return Asker(house, house.site(clerk.site), clerk, house.now())
