"""The queue as the desks see it."""

from __future__ import annotations

from queue_server.domain.site import PriorityRules
from queue_server.queries.my_counter import day_counts


def numbers(tickets):
    return [ticket.number for ticket in tickets]


def test_everybody_is_somewhere_between_arrival_and_end(town):
    served, parked, gone, called, waiting, withdrawn = (town.draw() for _ in range(6))
    town.cancel(withdrawn)
    town.call_chosen(parked), town.park()
    town.call_chosen(gone), town.no_show()
    town.call_chosen(served), town.finish()
    town.call_chosen(called)

    queue = town.queue()

    assert numbers(entry.ticket for entry in queue.waiting) == [waiting.number]
    assert numbers(queue.called) == [called.number]
    assert numbers(queue.parked) == [parked.number]
    assert numbers(queue.no_show) == [gone.number]
    assert queue.serving == ()


def test_the_waiting_stand_in_calling_order_with_reason_and_minutes(town):
    walk_in = town.draw()
    booked = town.check_in(town.booked(at="08:10"))
    preferred = town.draw()
    town.prefer(preferred, "mobility")
    town.pass_time(minutes=12)

    entries = town.queue().waiting

    assert [(e.ticket.id, e.reason.code, e.waited_minutes) for e in entries] == [
        (preferred.id, "precedence", 12),
        (booked.id, "appointment_due", 2),
        (walk_in.id, "arrival", 12),
    ]


def test_whoever_stands_first_is_whoever_is_called_next(town):
    town.change(priority=PriorityRules(guard_after_minutes=1, guard_every=2))
    town.open_counter("Schalter 1")
    for minute in range(0, 60, 10):
        town.draw("Meldewesen")
        town.check_in(town.booked("Meldewesen", at=f"08:{minute:02d}"))
        town.set_clock(f"08:{minute + 1:02d}")

    while waiting := town.queue().waiting:
        assert town.call_next().id == waiting[0].ticket.id
        town.finish()


def test_counters_tell_who_has_them_open_and_who_is_there(town):
    who = town.draw()
    town.call_next()

    first, second, _ = town.queue().counters

    assert (first.name, first.open, first.clerk, first.ticket.id) == (
        "Schalter 1",
        True,
        "Aylin",
        who.id,
    )
    assert (second.open, second.clerk, second.ticket, second.services) == (False, None, None, ())


def test_the_queue_of_nordend_holds_nobody_of_the_rathaus(town):
    town.draw()

    assert town.queue("nordend").waiting == ()


def test_the_day_counts_what_happened_since_local_midnight(town):
    for _ in range(3):
        town.draw()
    town.serve_next()
    town.call_next(), town.no_show()
    town.cancel(town.draw())

    with town.store.snapshot() as snapshot:
        counts = day_counts(snapshot, town.site(), town.now)

    assert (counts.issued, counts.called, counts.served) == (4, 2, 1)
    assert (counts.no_show, counts.cancelled) == (1, 1)


def test_a_new_day_counts_from_zero(town):
    town.draw()
    town.pass_time(days=1)

    with town.store.snapshot() as snapshot:
        assert day_counts(snapshot, town.site(), town.now).issued == 0
