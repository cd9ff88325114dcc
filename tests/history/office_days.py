"""Office days played through the real verbs, as lively as Hypothesis can think of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from queue_server.domain import events
from queue_server.domain.appointment import Appointment
from queue_server.domain.errors import Refused
from queue_server.domain.hours import ALWAYS, Span
from queue_server.domain.hours import Hours as Week
from queue_server.domain.site import BookingRules, Counter, PriorityRules, Site
from queue_server.history.replay.comparison import Comparison, Variation
from queue_server.history.replay.what_if import what_if
from queue_server.store import decisions as rules_in_force
from tests.cast import rathaus
from tests.town import Town, Visitor

AS_IT_WAS = Variation()
CLERKS_OF = {"schalter-1": "Aylin", "schalter-2": "Bernd", "schalter-3": "Dana"}
VERBS = (
    *("draw",) * 6, *("check_in",) * 4, *("book",) * 3, *("call",) * 8, *("finish",) * 6,
    *("arrive",) * 3, "chosen", "chosen", "no_show", "no_show", "wrong_no_show",
    *("resume",) * 3, "park", "transfer", "hand_over", "release", "prefer", "cancel", "services",
    "open", "close", "leave", "rules", "tidy", "recall", "postpone", "postpone",
)  # fmt: skip
SERVICES = ("Meldewesen", "Ausweise", "Kfz")
Step = tuple[str, int, int]


def lively_site(rule: str = "due_first", **rules: float) -> Site:
    """Three counters, one of them for Ausweise and Kfz only; open around the clock."""
    counters = (
        Counter("schalter-1", "Schalter 1"),
        Counter("schalter-2", "Schalter 2", services=("ausweise", "kfz")),
        Counter("schalter-3", "Schalter 3"),
        # Never open here, but booked, so that every time in the calendar is free.
        *(Counter(f"amt-{number}", f"Amt {number}") for number in range(40)),
    )
    return replace(
        rathaus(),
        counters=counters,
        hours=ALWAYS,
        land="",
        priority=replace(PriorityRules(rule=rule), **rules),
        booking=BookingRules(walk_in_share=0),
    )


class LivelyDay:
    """A town in which everything happens that may; what is refused does not happen."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.people: list[Visitor] = []
        self.booked: list[Appointment] = []
        self.town.hire("Dana")

    def play(self, steps: Sequence[Step]) -> None:
        for verb, seconds, pick in steps:
            self.town.pass_time(seconds=seconds)
            try:
                getattr(self, f"_{verb}")(pick)
            except Refused:
                continue

    def _counter(self, pick: int) -> str:
        return f"schalter-{pick % 3 + 1}"

    def _one(self, pick: int) -> Visitor:
        if not self.people:
            self._draw(pick)
        return self.people[pick % len(self.people)]

    def _draw(self, pick: int) -> None:
        names = [SERVICES[pick % 3], SERVICES[pick % 2]][: 1 + pick % 2]
        self.people.append(self.town.draw(*dict.fromkeys(names)))

    def _check_in(self, pick: int) -> None:
        if not self.booked:
            self._book(pick)
        self.people.append(self.town.check_in(self.booked.pop(pick % len(self.booked))))

    def _book(self, pick: int) -> None:
        self.booked.append(booked_soon(self.town, SERVICES[pick % 3], pick % 8))

    def _call(self, pick: int) -> None:
        self.town.call_next(self._counter(pick), CLERKS_OF[self._counter(pick)])

    def _chosen(self, pick: int) -> None:
        self._open(pick)
        self.town.call_chosen(self._one(pick), self._counter(pick))

    def _finish(self, pick: int) -> None:
        self.town.finish(self._counter(pick))

    def _arrive(self, pick: int) -> None:
        self.town.arrive(self._counter(pick))

    def _no_show(self, pick: int) -> None:
        self.town.no_show(self._counter(pick))

    def _wrong_no_show(self, pick: int) -> None:
        self.town.wrong_no_show(self._counter(pick))

    def _resume(self, pick: int) -> None:
        self.town.resume(self._one(pick))

    def _park(self, pick: int) -> None:
        self.town.park(self._counter(pick))

    def _transfer(self, pick: int) -> None:
        self.town.transfer(self._counter(pick), services=[SERVICES[pick % 3]])

    def _hand_over(self, pick: int) -> None:
        self.town.transfer(self._counter(pick), to=self._counter(pick // 3))

    def _release(self, pick: int) -> None:
        self.town.release(self._counter(pick))

    def _recall(self, pick: int) -> None:
        self.town.recall(self._counter(pick))

    def _postpone(self, pick: int) -> None:
        self.town.postpone(self._one(pick))

    def _prefer(self, pick: int) -> None:
        self.town.prefer(self._one(pick))

    def _cancel(self, pick: int) -> None:
        self.town.cancel(self._one(pick))

    def _services(self, pick: int) -> None:
        self.town.set_services(self._one(pick), SERVICES[pick // 2 % 3])

    def _open(self, pick: int) -> None:
        some = [SERVICES[1 + pick % 2]] if pick % 4 == 0 else None
        self.town.open_counter(self._counter(pick), CLERKS_OF[self._counter(pick)], some)

    def _close(self, pick: int) -> None:
        self.town.close_counter(self._counter(pick), CLERKS_OF[self._counter(pick)])

    def _leave(self, pick: int) -> None:
        sign_out(self.town, CLERKS_OF[self._counter(pick)])

    def _tidy(self, pick: int) -> None:
        self.town.pass_time(minutes=pick % 20)
        self.town.tidy()

    def _rules(self, pick: int) -> None:
        names = ("due_first", "strict", "arrival", "accumulating")
        decide(self.town, PriorityRules(rule=names[pick % 4], busy_from_minutes=pick % 12))


def booked_soon(town: Town, service: str, steps: int) -> Appointment:
    """An appointment so many steps of five minutes after the next."""
    hour, minute = map(int, town.clock().split(":"))
    return town.booked(service, at=clock((hour * 60 + minute) // 5 * 5 + 5 * (steps + 1)))


def sign_out(town: Town, clerk: str) -> None:
    from queue_server.actions import desks

    desks.leave(town.store, town.site(), town.clerk(clerk), now=town.now)


def decide(town: Town, rules: PriorityRules) -> None:
    """The office decides another rule, and the journal knows it."""
    with town.store.transaction() as tx:
        rules_in_force.put_rules(tx, "rathaus", rules)
        tx.record(
            events.RulesSet(
                at=town.now,
                site="rathaus",
                rule=rules.rule,
                busy_from_minutes=rules.busy_from_minutes,
                guard_after_minutes=rules.guard_after_minutes,
                guard_every=rules.guard_every,
                ratio=rules.ratio,
                by="office",
            )
        )


def compared(
    town: Town, change: Variation = AS_IT_WAS, first: date | None = None, last: date | None = None
) -> Comparison:
    """The days that the town has seen, beside another world."""
    day = town.today
    with town.store.snapshot() as snapshot:
        return what_if(
            snapshot, town.site(), first or day, last or first or day, change, now=town.now
        )


def busy_morning(
    folder: Path,
    *,
    seed: int = 1,
    people: int = 60,
    counters: int = 2,
    rule: str = "due_first",
    booked_share: float = 0.5,
) -> Town:
    """A morning with more work than counters, played minute by minute."""
    town = Town(folder / f"morning-{rule}-{seed}-{counters}.db", (lively_site(rule),))
    town.hire("Dana")
    chance = Random(seed)
    arrivals = []
    for minute in sorted(chance.randrange(0, 180) for _ in range(people)):
        service = chance.choice(SERVICES)
        is_booked = chance.random() < booked_share
        at = clock(8 * 60 + max(0, minute + chance.randrange(-8, 15)) // 5 * 5)
        arrivals.append((minute, service, town.booked(service, at=at) if is_booked else None))
    done_at: dict[str, int] = {}
    places = ["schalter-1", "schalter-3"][:counters]
    for place in places:
        town.open_counter(place, CLERKS_OF[place])
    for minute in range(12 * 60):
        while arrivals and arrivals[0][0] <= minute:
            _, service, booked = arrivals.pop(0)
            town.check_in(booked) if booked else town.draw(service)
        for place in places:
            if done_at.get(place, 0) == minute and place in done_at:
                town.finish(place)
                del done_at[place]
            if place not in done_at and town.call_next(place, CLERKS_OF[place]):
                town.pass_time(seconds=chance.randrange(1, 20))
                town.arrive(place)
                done_at[place] = minute + chance.randrange(3, 14)
        if not arrivals and not done_at:
            break
        town.set_clock(clock(8 * 60 + minute + 1))
    for place in places:
        town.close_counter(place, CLERKS_OF[place])
    return town


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def set_hours(town: Town, span: Span) -> None:
    """The same hours on every day of the week."""
    town.change(hours=Week(((span,),) * 7))
