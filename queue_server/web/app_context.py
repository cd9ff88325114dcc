"""What every request needs: settings, store, clock. Assembled once in `create_app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from flask import current_app

from queue_server.domain.site import Site
from queue_server.printing import PrinterWatch, PrintJobs
from queue_server.push import keys
from queue_server.queries.orders import CallingOrders
from queue_server.settings import Settings
from queue_server.store import marks
from queue_server.store.database import NO_SITE
from queue_server.store.prefetch import Prefetch
from queue_server.store.transaction import Store
from queue_server.voice.announcer import Announcer
from queue_server.web.accounts import Accounts
from queue_server.web.calendars import Calendars
from queue_server.web.configuration import Configuration
from queue_server.web.devices import DisplayVersions, KioskWatch
from queue_server.web.forecaster import Forecaster
from queue_server.web.holds import Holds
from queue_server.web.limits import Client
from queue_server.web.often_forgotten import OftenForgotten
from queue_server.web.pools import Pools, Turns
from queue_server.web.queue_json import QueueJson
from queue_server.web.throttle import Throttle
from queue_server.web.told_ranges import ToldRanges

EXTENSION = "aufruf"


def utc_now() -> datetime:
    """The one clock of the running server, in the whole milliseconds that the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def always() -> bool:
    """The only server of its database has all duties."""
    return True


@dataclass
class AppContext:
    """The application as a request sees it.

    `pools` run slow work (commits, passwords, pictures, printing) away from the socket hub.
    `printer_turns`, by a printer's address, let two kiosks on one printer take turns.
    `on_sign_out` is called with the session token that has ended. `is_on_duty` says whether this
    server does what is done once for all sites: of several on one database, one is.
    """

    settings: Settings
    store: Store
    clock: Callable[[], datetime] = utc_now
    pools: Pools = field(default_factory=Pools)
    throttle: Throttle = field(default_factory=Throttle)
    accounts: Accounts = field(default_factory=Accounts)
    turns: Turns = field(default_factory=Turns)
    printers: PrinterWatch = field(default_factory=PrinterWatch)
    print_jobs: PrintJobs = field(default_factory=PrintJobs)
    printer_turns: Turns = field(default_factory=Turns)
    kiosks: KioskWatch = field(default_factory=KioskWatch)
    display_versions: DisplayVersions = field(default_factory=DisplayVersions)
    prefetch: Prefetch = field(default_factory=Prefetch)
    orders: CallingOrders = field(default_factory=CallingOrders)
    queue_json: QueueJson = field(default_factory=QueueJson)
    on_sign_out: list[Callable[[str], None]] = field(default_factory=list)
    is_on_duty: Callable[[], bool] = always

    def now(self) -> datetime:
        return self.clock()

    @cached_property
    def forecasts(self) -> Forecaster:
        """How long everybody still waits."""
        return Forecaster(self.store, self.now, self.pools.forecasts)

    @cached_property
    def told(self) -> ToldRanges:
        """What the holders of numbers are told, and its record."""
        made = ToldRanges(self.store, self.now, self.forecasts, self.site)
        made.wake = made.record
        return made

    @cached_property
    def calendars(self) -> Calendars:
        """Free times of every visit."""
        return Calendars(self.store, self._spend_calendar, lambda work: self.pools.calendars(work))

    def _spend_calendar(self, client: Client) -> None:
        # A kiosk asks for a calendar with everybody whom it turns away.
        if not client.is_known:
            self.throttle.spend("calendar", client)

    @cached_property
    def configuration(self) -> Configuration:
        """config.toml: changed here, or by hand beside us."""
        return Configuration(self)

    @cached_property
    def holds(self) -> Holds:
        """Unconfirmed time of each client."""
        return Holds(self.store)

    @cached_property
    def often_forgotten(self) -> OftenForgotten:
        """Documents that visitors often come without."""
        return OftenForgotten(self.store, self.now, self.pools.reports)

    @cached_property
    def announcer(self) -> Announcer:
        """Speaks calls; ask it in `pools.voices`."""
        return Announcer(self.settings.server.data_dir / "voice", self.settings.path.parent)

    @property
    def push_key(self) -> str:
        """What browsers subscribe with; empty while messages to phones are off."""
        return self._push_key if self.settings.push.enabled else ""

    @cached_property
    def _push_key(self) -> str:
        return keys.public_key(self.store)

    @cached_property
    def proof_secret(self) -> str:
        """Signs this server's challenges; kept in its database, so a restart ends none."""
        with self.store.transaction(NO_SITE) as tx:
            return marks.secret(tx, "proof_secret")

    def site(self, id: str) -> Site:
        """The configured site; raises `NotFound`."""
        return self.settings.site(id)


def app_context() -> AppContext:
    """What the current application shares."""
    found: AppContext = current_app.extensions[EXTENSION]
    return found
