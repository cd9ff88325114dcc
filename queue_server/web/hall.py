"""What every request needs: settings, store, clock. Assembled once in `create_app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

from flask import current_app

from queue_server.domain.site import Site
from queue_server.settings import Settings
from queue_server.store import marks
from queue_server.store.database import Store
from queue_server.web.forecaster import Forecaster
from queue_server.web.throttle import Throttle

T = TypeVar("T")
EXTENSION = "aufruf"


def utc_now() -> datetime:
    """The one clock of the running house, in the whole milliseconds that the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass
class Hall:
    """The house as a request sees it.

    `offload` runs slow work (passwords, pictures, printing) away from the socket hub and returns
    its result. `on_sign_out` is called with the session token that has ended.
    """

    settings: Settings
    store: Store
    clock: Callable[[], datetime] = utc_now
    offload: Callable[[Callable[[], Any]], Any] = field(default=lambda work: work())
    throttle: Throttle = field(default_factory=Throttle)
    on_sign_out: list[Callable[[str], None]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.clock()

    @cached_property
    def forecasts(self) -> Forecaster:
        """How long everybody still waits."""
        return Forecaster(self.store, self.now, self.offload)

    @cached_property
    def proof_secret(self) -> str:
        """Signs the challenges of this house; kept in its database, so a restart ends none."""
        with self.store.transaction() as tx:
            return marks.secret(tx, "proof_secret")

    def slow(self, work: Callable[[], T]) -> T:
        """Run slow work off the hub."""
        result: T = self.offload(work)
        return result

    def site(self, id: str) -> Site:
        """The configured site; raises `NotFound`."""
        return self.settings.site(id)


def hall() -> Hall:
    """The hall of the current application."""
    found: Hall = current_app.extensions[EXTENSION]
    return found
