"""The postman: turns what has happened into letters, and hands them to a carrier.

Nothing is lost: what is to be told stands in the outbox before anybody tries to send it, and
everything about a try is written down there, so that a restart goes on where the last run ended.
Whoever pulls the plug between "sent" and the note of it may have one letter sent twice; both have
the same Message-ID, and most mailboxes show them once. While nothing can be written, no more than
one letter leaves.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta

from queue_server.domain.errors import StorageFailed
from queue_server.domain.events import Event
from queue_server.domain.every_site import at_every_site
from queue_server.domain.site import Site
from queue_server.mail.carriers import Carrier, carrier_for
from queue_server.mail.collecting import collect
from queue_server.mail.contents import Contents, contents_of
from queue_server.mail.letter_rules import CAUSES, is_time_to_remind
from queue_server.mail.trouble import (
    LetterTrouble,
    RecipientRefused,
    ServerTrouble,
    Trouble,
    fault_of,
)
from queue_server.mail.writing import wire_address, written
from queue_server.settings import Settings
from queue_server.store import letters, request_limits
from queue_server.store.asked_once import AskedOnce
from queue_server.store.database import NO_SITE, Offload, Reader, run_here
from queue_server.store.letters import DROPPED, REFUSED, SENT, Letter, LetterKind
from queue_server.store.transaction import Store
from queue_server.store.versions import versions

log = logging.getLogger(__name__)
# The mark need not follow events that concern nobody's letter one by one.
MARK_EVERY = 1000
BATCH = 50
PAUSES_MINUTES = (1, 2, 5, 15, 30, 60)
GIVE_UP_AFTER = timedelta(days=3)
# Nobody is reminded of what they were told half a day ago.
JUST_TOLD = timedelta(hours=12)
ROWS_KEPT = timedelta(days=30)


def concerns_letters(events: Sequence[Event]) -> bool:
    """Whether one of these events may be worth a letter."""
    return any(type(event) in CAUSES for event in events)


class Postman:
    """One a server. Its rounds must not overlap; `offload` keeps the writing off the hub."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        offload: Offload = run_here,
        carrier: Callable[[], Carrier] | None = None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._offload = offload
        self._carrier = carrier or self._named_carrier
        # Beyond the mark, what was seen to be worth no letter.
        self._looked_to: dict[str, int] = {}
        # Have left, and the database has not taken the note of it yet.
        self._unnoted: list[Letter] = []

    def use(self, settings: Settings) -> None:
        """Other settings from the next round on."""
        self._settings = settings

    def _named_carrier(self) -> Carrier:
        return carrier_for(self._settings.mail, self._settings.public_url)

    def round(self, now: datetime) -> int:
        """Everything that is due: collect, remind, deliver. Returns how many letters have left.

        What goes wrong in making letters is raised once those that are there have left.
        """
        faults: list[Exception] = []
        for make in (self.collect, self.remind):
            try:
                make(now)
            except StorageFailed:
                raise
            except Exception as fault:
                faults.append(fault)
        sent = self.deliver(now)
        if faults:
            raise faults[0]
        return sent

    def collect(self, now: datetime) -> int:
        """Make letters of what happened since the last time; returns how many."""
        try:
            return self._collect(self._settings.sites, now)
        except StorageFailed:
            raise
        except Exception:
            # What cannot be read at one site does not keep the letters of the others.
            every = self._settings.sites
            return sum(at_every_site(every, lambda site: self._collect([site], now)))

    def _collect(self, sites: Sequence[Site], now: datetime) -> int:
        with self._store.snapshot() as snapshot:
            newest = versions(snapshot)
            due = [
                site.id for site in sites if self._is_due(snapshot, site.id, newest.get(site.id, 0))
            ]
        if not due:
            return 0
        with self._store.transaction(NO_SITE) as tx:
            return sum(collect(tx, site, now) for site in due)

    def remind(self, now: datetime) -> int:
        """Make reminders of what comes soon, at a time when one may write; returns how many."""
        window = timedelta(hours=self._settings.mail.reminder_hours)
        with self._store.snapshot() as snapshot:
            sites = [
                self._settings.site(site) for site in self._to_be_reminded(snapshot, window, now)
            ]
        return sum(at_every_site(sites, lambda site: self._remind(site.id, window, now)))

    def deliver(self, now: datetime) -> int:
        """Try what is due, up to a batch of it; returns how many letters have left.

        With mail switched off all letters wait.
        """
        if not self._settings.mail.is_on:
            return 0
        self._note_sent(now)
        with self._store.snapshot() as snapshot:
            due = letters.due(snapshot, now, BATCH)
        try:
            return self._carry(due, now) if due else 0
        except ServerTrouble as trouble:
            self._keep(due, trouble, now)
            return 0

    def tidy(self, now: datetime) -> int:
        """Forget letters that ended long ago; returns how many."""
        with self._store.transaction(NO_SITE) as tx:
            request_limits.sweep_unasked(tx, now)
            return letters.sweep(tx, now - ROWS_KEPT)

    # -- collecting --------------------------------------------------------------------------

    def _is_due(self, snapshot: Reader, site: str, newest: int) -> bool:
        """Whether the site has news for letters, or its mark is far behind."""
        if newest == self._looked_to.get(site):
            return False
        made = letters.made_up_to(snapshot, site)
        after = max(made, self._looked_to.get(site, 0))
        if newest == after:
            return False
        if newest - made >= MARK_EVERY or letters.news(snapshot, site, after):
            return True
        self._looked_to[site] = newest
        return False

    # -- reminding ---------------------------------------------------------------------------

    def _to_be_reminded(self, snapshot: Reader, window: timedelta, now: datetime) -> Iterator[str]:
        """Sites of which somebody is to be reminded; all are asked about at once."""
        reader, told = AskedOnce(snapshot), window + JUST_TOLD
        sites = [site.id for site in self._settings.sites] if window else []
        reader.ask_ahead(letters.to_remind_asked(site, now, window, told) for site in sites)
        return (site for site in sites if self._to_remind(reader, site, window, now))

    def _remind(self, site: str, window: timedelta, now: datetime) -> int:
        with self._store.transaction(NO_SITE) as tx:
            return sum(
                letters.make(tx, site, each.appointment, LetterKind.REMINDER, each.sequence, now)
                for each in self._to_remind(tx, site, window, now)
            )

    def _to_remind(
        self, reader: Reader, site: str, window: timedelta, now: datetime
    ) -> list[letters.ToRemind]:
        zone = self._settings.site(site).zone
        told = window + JUST_TOLD
        coming = letters.to_remind(reader, site, now, window, told) if window else []
        return [each for each in coming if is_time_to_remind(each.start_at, zone, now)]

    # -- delivering --------------------------------------------------------------------------

    def _carry(self, due: Sequence[Letter], now: datetime) -> int:
        """One after the other over one connection. Raises `ServerTrouble` before any was tried."""
        sent = 0
        with closing(self._carrier()) as carrier:
            for place, letter in enumerate(due):
                try:
                    sent += self._try(carrier, letter, now)
                except ServerTrouble as trouble:
                    self._keep(due[place:], trouble, now)
                    break
        return sent

    def _try(self, carrier: Carrier, letter: Letter, now: datetime) -> bool:
        """Whether the letter has left. Raises `ServerTrouble` when none of them can."""
        try:
            with fault_of(letter.id), self._store.snapshot() as snapshot:
                contents = contents_of(snapshot, self._settings, letter, now)
            if contents is None:
                self._end(letter, DROPPED, now)
                return False
            if not self._may_write(contents, now):
                self._end(letter, DROPPED, now, str(LetterTrouble("limit")))
                return False
            self._hand_over(carrier, letter, contents)
        except RecipientRefused as trouble:
            self._refused(letter, trouble, now)
        except LetterTrouble as trouble:
            self._keep([letter], trouble, now)
        else:
            self._sent(letter, now)
            return True
        return False

    def _may_write(self, contents: Contents, now: datetime) -> bool:
        """A proven address gets every letter; one that is not may be a stranger's."""
        if contents.was_booked:
            return True
        most = self._settings.mail.letters_per_address_day
        with self._store.transaction(NO_SITE) as tx:
            return request_limits.may_be_sent(tx, contents.letter.id, contents.email, most, now)

    def _hand_over(self, carrier: Carrier, letter: Letter, contents: Contents) -> None:
        """Outside of any transaction: a server may take its time."""
        to = wire_address(contents.email)
        sender = wire_address(self._settings.mail.sender)
        with fault_of(letter.id):
            message = self._offload(lambda: written(contents, sender, self._settings.public_url))
        carrier.carry(f"{letter.id:06d}-{letter.kind}", sender, to, message)

    # -- writing down what came of it --------------------------------------------------------

    def _sent(self, letter: Letter, now: datetime) -> None:
        self._unnoted.append(letter)
        self._note_sent(now)

    def _note_sent(self, now: datetime) -> None:
        """Also of letters that left while nothing could be written: they must not leave again."""
        if not self._unnoted:
            return
        with self._store.transaction(NO_SITE) as tx:
            for letter in self._unnoted:
                letters.end(tx, letter, SENT, now, "")
            # The server is there again: nobody waits for the end of a long pause.
            letters.hurry(tx, now)
        for letter in self._unnoted:
            log.info("sent letter=%s kind=%s appointment=%s", letter.id, letter.kind,
                     letter.appointment)  # fmt: skip
        self._unnoted.clear()

    def _refused(self, letter: Letter, trouble: Trouble, now: datetime) -> None:
        self._end(letter, REFUSED, now, str(trouble))
        log.warning("refused letter=%s appointment=%s: %s", letter.id, letter.appointment, trouble)

    def _keep(self, some: Sequence[Letter], trouble: Trouble, now: datetime) -> None:
        """Try them again after a pause that grows, or give up what was tried for too long."""
        with self._store.transaction(NO_SITE) as tx:
            for letter in some:
                if _is_hopeless(letter, now):
                    letters.end(tx, letter, DROPPED, now, str(trouble))
                else:
                    letters.again(tx, letter, now + pause_after(letter.tries), str(trouble))
        log.warning("%s letters wait: %s", len(some), trouble)

    def _end(
        self, letter: Letter, state: letters.LetterState, now: datetime, trouble: str = ""
    ) -> None:
        with self._store.transaction(NO_SITE) as tx:
            letters.end(tx, letter, state, now, trouble)


def pause_after(tries: int) -> timedelta:
    """How long a letter rests that was tried this often before."""
    return timedelta(minutes=PAUSES_MINUTES[min(tries, len(PAUSES_MINUTES) - 1)])


def _is_hopeless(letter: Letter, now: datetime) -> bool:
    # A letter that only waited for mail to be switched on deserves its tries all the same.
    return now - letter.made_at >= GIVE_UP_AFTER and letter.tries >= len(PAUSES_MINUTES)
