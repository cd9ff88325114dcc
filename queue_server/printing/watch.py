"""The state of printers and slips: how each printer is, what it printed today, which slip failed.

Kept in memory: after a restart every printer is asked again at once, and counting starts from zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from queue_server.printing.printers import Printer, printer_for
from queue_server.printing.slip import Slip, SlipForm
from queue_server.printing.status import Condition, PrinterTrouble

ASK_EVERY = timedelta(seconds=30)
ASK_IN_TROUBLE_EVERY = timedelta(seconds=10)
KEPT = 200


@dataclass(frozen=True, slots=True)
class PrinterState:
    """`since` is when the condition began, `printed` and `failed` are slips of the day `counted`.

    `condition` is None until somebody has asked.
    """

    condition: Condition | None = None
    since: datetime | None = None
    asked_at: datetime | None = None
    counted: date | None = None
    printed: int = 0
    failed: int = 0

    @property
    def is_in_trouble(self) -> bool:
        """Whether whoever draws a number now gets no paper."""
        return self.condition is not None and not self.condition.prints

    @property
    def wants_somebody(self) -> bool:
        """Whether the office should look after it."""
        return self.is_in_trouble or self.condition is Condition.PAPER_LOW


class PrinterWatch:
    """The printers of the kiosks, by the kiosk's id. `print` and `look` block: on a thread."""

    def __init__(self) -> None:
        self._printers: dict[str, Printer | None] = {}
        self._states: dict[str, PrinterState] = {}
        self._busy: set[str] = set()

    def state(self, kiosk: str, today: date | None = None) -> PrinterState:
        """How the printer of this kiosk is; its counts are of `today`, zero if they are older."""
        found = self._states.get(kiosk, PrinterState())
        is_older = today is not None and found.counted != today
        return replace(found, printed=0, failed=0) if is_older else found

    def print(
        self, kiosk: str, address: str, slip: Slip, form: SlipForm, now: datetime, today: date
    ) -> None:
        """Print, count and remember how it went; `today` is local. Raises PrinterTrouble."""
        self._busy.add(kiosk)
        try:
            printer = self._printer(kiosk, address)
            found = printer.print(slip, form) if printer else Condition.MUTE
        except PrinterTrouble as trouble:
            self._note(kiosk, trouble.condition, now)
            self._count(kiosk, today, failed=1)
            raise
        finally:
            self._busy.discard(kiosk)
        self._note(kiosk, found, now)
        self._count(kiosk, today, printed=1)

    def is_due(self, kiosk: str, now: datetime) -> bool:
        """Whether it is time to ask this printer again; one in trouble is asked more often.

        Never while it prints: most take one connection at a time.
        """
        if kiosk in self._busy:
            return False
        found = self.state(kiosk)
        pause = ASK_IN_TROUBLE_EVERY if found.is_in_trouble else ASK_EVERY
        return found.asked_at is None or not found.asked_at <= now < found.asked_at + pause

    def look(self, kiosk: str, address: str, now: datetime) -> PrinterState:
        """Ask the printer how it is, without printing. Raises nothing: trouble is an answer."""
        try:
            printer = self._printer(kiosk, address)
            self._note(kiosk, printer.check() if printer else Condition.MUTE, now)
        except PrinterTrouble as trouble:
            self._note(kiosk, trouble.condition, now)
        return self.state(kiosk)

    def _printer(self, kiosk: str, address: str) -> Printer | None:
        if kiosk not in self._printers:
            self._printers[kiosk] = printer_for(address)
        return self._printers[kiosk]

    def _note(self, kiosk: str, condition: Condition, now: datetime) -> None:
        old = self.state(kiosk)
        since = old.since if old.condition is condition else now
        self._states[kiosk] = replace(old, condition=condition, since=since, asked_at=now)

    def _count(self, kiosk: str, today: date, *, printed: int = 0, failed: int = 0) -> None:
        old = self.state(kiosk, today)
        self._states[kiosk] = replace(
            old, counted=today, printed=old.printed + printed, failed=old.failed + failed
        )


class JobState(StrEnum):
    """How far a slip is. `UNKNOWN` was never asked for, or too long ago."""

    UNKNOWN = "unknown"
    UNDER_WAY = "under_way"
    PRINTED = "printed"
    FAILED = "failed"


class PrintJobs:
    """The last slip of each ticket or appointment, by its token."""

    def __init__(self) -> None:
        self._states: dict[str, JobState] = {}

    def state(self, token: str) -> JobState:
        return self._states.get(token, JobState.UNKNOWN)

    def begin(self, token: str) -> None:
        self._states.pop(token, None)
        self._states[token] = JobState.UNDER_WAY
        if len(self._states) > KEPT:
            del self._states[next(iter(self._states))]

    def end(self, token: str, *, printed: bool) -> None:
        """Of a job that began; one that is forgotten meanwhile stays so."""
        if token in self._states:
            self._states[token] = JobState.PRINTED if printed else JobState.FAILED
