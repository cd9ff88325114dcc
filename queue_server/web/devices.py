"""How kiosks and displays are, as they report it themselves, for staff who can go and look.

Kept in memory: after a restart every kiosk reports within a minute, every display within five.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Site
from queue_server.version import VERSION

CAMERAS = ("ready", "absent", "off")
GONE_AFTER = timedelta(minutes=3)
"""A kiosk reports every minute."""


@dataclass(frozen=True, slots=True)
class KioskReport:
    """`version` is that of the page it shows, `camera` one of `CAMERAS`."""

    at: datetime
    version: str
    camera: str


@dataclass(frozen=True, slots=True)
class KioskView:
    """A kiosk in words: `tone` of its badge, `words`, and what else is known; None: never heard."""

    tone: str
    words: str
    facts: str = ""
    seen_at: datetime | None = None


class KioskWatch:
    """The last report of every kiosk, by its id."""

    def __init__(self) -> None:
        self._reports: dict[str, KioskReport] = {}
        self._waiting_since: dict[str, datetime] = {}
        self.on_report: Callable[[str, KioskReport], None] = self.keep

    def report(self, kiosk: str, report: KioskReport) -> None:
        """It tells us how it is; other servers of the office may wish to know."""
        self.keep(kiosk, report)
        self.on_report(kiosk, report)

    def keep(self, kiosk: str, report: KioskReport) -> None:
        self._reports[kiosk] = report

    def view(self, kiosk: Kiosk, now: datetime) -> KioskView:
        """How it is now; one that has not reported yet is gone when it goes on being silent."""
        last = self._reports.get(kiosk.id)
        heard_at = last.at if last else self._waiting_since.setdefault(kiosk.id, now)
        if now - heard_at > GONE_AFTER:
            return KioskView("warning", "meldet sich nicht", seen_at=last.at if last else None)
        if last is None:
            return KioskView("success", "gekoppelt")
        facts = ", ".join((f"Version {last.version}", _camera(last), _paper(kiosk)))
        if kiosk.camera and last.camera == "absent":
            return KioskView("warning", "Kamera fehlt", facts, last.at)
        if last.version != VERSION:
            return KioskView("warning", "veraltete Seite", facts, last.at)
        return KioskView("success", "in Ordnung", facts, last.at)


def kiosk_views(watch: KioskWatch, site: Site, now: datetime) -> dict[str, KioskView]:
    """All kiosks of the site, by their ids."""
    return {kiosk.id: watch.view(kiosk, now) for kiosk in site.kiosks}


def _camera(report: KioskReport) -> str:
    return {"ready": "Kamera bereit", "absent": "keine Kamera"}.get(report.camera, "ohne Kamera")


def _paper(kiosk: Kiosk) -> str:
    """The state of its printer is in the list of printers."""
    if not kiosk.can_print:
        return "ohne Drucker"
    return "Drucker am Server" if kiosk.has_server_printer else "druckt mit dem Browser"


@dataclass(frozen=True, slots=True)
class DisplayVersion:
    """`words` name it; it `is_old` when the server has another one, which it has not loaded."""

    words: str
    is_old: bool


class DisplayVersions:
    """What every display said last, by its id."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}

    def heard(self, display: str, version: str) -> None:
        """A page that names none is from before pages named theirs."""
        self._told[display] = version

    def of(self, display: str) -> DisplayVersion | None:
        """None while it has not reported."""
        told = self._told.get(display)
        if told is None:
            return None
        return DisplayVersion(f"Version {told}" if told else "ältere Version", told != VERSION)
