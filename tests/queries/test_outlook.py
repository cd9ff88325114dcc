"""How long still: honest ranges, and none where nobody works."""

from __future__ import annotations

from queue_server.domain.hours import ALWAYS
from queue_server.domain.waiting import AT_ONCE, Range
from queue_server.queries.outlook import crowd, place_of


def places(town):
    with town.store.snapshot() as snapshot:
        found = crowd(snapshot, town.site(), town.now, town.forecast()).places
    return {place.ticket.id: place for place in found}


def service(town, id="meldewesen"):
    return next(s for s in town.outlook().services if s.service == id)


def serve(town, counter="Schalter 1"):
    town.call_next(counter)
    town.arrive(counter)


def test_the_outlook_says_so_when_no_desk_is_open(town):
    town.draw()

    outlook = town.outlook()

    assert (outlook.open, outlook.issuing, outlook.waiting, outlook.counters_open) == (
        True,
        True,
        1,
        0,
    )
    assert service(town).range is None


def test_with_no_counter_open_a_waiting_person_is_told_no_range(town):
    who = town.draw()

    assert places(town)[who.id].range is None


def test_a_service_that_no_open_counter_serves_has_no_range(town):
    town.open_counter("Schalter 2")
    who = town.draw("Kfz")

    assert service(town, "ausweise").range == AT_ONCE
    assert service(town, "kfz").range is None and places(town)[who.id].range is None


def test_whoever_finds_a_free_counter_waits_not_at_all(town):
    town.open_counter("Schalter 1")

    assert service(town).range == Range(0, 5, 0)


def test_one_free_counter_of_two_is_enough(town):
    town.draw("Ausweise")
    serve(town)
    town.open_counter("Schalter 2")

    assert service(town, "ausweise").range == AT_ONCE
    assert service(town, "kfz").range != AT_ONCE


def test_people_in_service_count(town):
    town.draw("Kfz")
    serve(town)

    assert service(town).range.high_minutes > 5


def test_the_longer_somebody_is_served_the_sooner_it_is_the_next_ones_turn(town):
    town.draw("Kfz")
    serve(town)
    before = service(town).range.likely_minutes
    town.pass_time(minutes=before // 2)

    assert 0 < service(town).range.likely_minutes < before


def test_somebody_served_for_an_hour_may_still_take_a_while(town):
    town.draw("Kfz")
    serve(town)
    town.pass_time(minutes=60)

    assert service(town).range.high_minutes > 5


def test_everybody_ahead_at_the_same_counters_counts(town):
    town.open_counter("Schalter 1")
    first, second = town.draw("Kfz"), town.draw("Meldewesen")

    found = places(town)

    assert (found[first.id].ahead, found[second.id].ahead) == (0, 1)
    assert found[first.id].range == AT_ONCE
    assert found[second.id].range.high_minutes >= 20


def test_the_queue_for_other_counters_does_not_matter(town):
    town.open_counter("Schalter 1", services=["Kfz"])
    town.open_counter("Schalter 2")
    for _ in range(3):
        town.draw("Kfz")
    passport = town.draw("Ausweise")

    assert places(town)[passport.id].ahead == 0
    assert places(town)[passport.id].range == AT_ONCE


def test_whoever_was_handed_to_a_counter_waits_for_that_one_alone(town):
    town.change(hours=ALWAYS)
    for counter in ("Schalter 1", "Schalter 3"):
        town.open_counter(counter, clerk={"Schalter 3": "Bernd"}.get(counter))
    who = town.draw("Kfz")
    serve(town, "Schalter 3")
    town.transfer("Schalter 3", to="Schalter 1")
    town.draw("Kfz")
    serve(town, "Schalter 3")

    assert places(town)[who.id].range == AT_ONCE


def test_expected_appointments_lengthen_the_wait_of_somebody_without(town):
    town.change(hours=ALWAYS)
    for clock in ("08:10", "08:25", "08:40", "08:55"):
        town.booked("Meldewesen", at=clock)
    town.open_counter("Schalter 1")
    for _ in range(5):
        town.draw("Kfz")
    with_appointments = service(town, "kfz").range
    for entry in town.journal():
        if entry.name == "AppointmentBooked":
            cancel(town, entry.appointment)

    assert service(town, "kfz").range.likely_minutes < with_appointments.likely_minutes


def cancel(town, appointment):
    with town.store.transaction() as tx:
        done = tx.write(
            "UPDATE appointments SET state = 'cancelled' WHERE id = :id", {"id": appointment}
        )
    assert done == 1


def test_the_outlook_of_a_service_counts_who_waits_for_it(town):
    town.draw("Kfz"), town.draw("Kfz"), town.draw("Meldewesen")

    assert (service(town, "kfz").waiting, service(town, "ausweise").waiting) == (2, 0)


def test_only_whoever_waits_has_a_place(town):
    who = town.draw()
    told = town.forecast()
    with town.store.snapshot() as snapshot:
        assert place_of(snapshot, town.site(), town.ticket(who), town.now, told).ahead == 0
    town.call_next()

    with town.store.snapshot() as snapshot:
        assert place_of(snapshot, town.site(), town.ticket(who), town.now, told) is None
        shared = crowd(snapshot, town.site(), town.now, told)
    assert (shared.places, [t.id for t in shared.called]) == ((), [who.id])


def test_a_ticket_newer_than_the_forecast_waits_like_somebody_who_came_then(town):
    town.draw("Kfz")
    serve(town)
    told = town.forecast()
    who = town.draw("Meldewesen")

    with town.store.snapshot() as snapshot:
        place = place_of(snapshot, town.site(), town.ticket(who), town.now, told)
    assert place.range == told.newcomers["meldewesen"]


def test_the_same_state_gives_the_same_answer(town):
    town.open_counter("Schalter 1")
    for _ in range(4):
        town.draw("Kfz")

    assert town.forecast() == town.forecast()


def test_a_closed_office_says_so(town):
    town.set_clock("12:30")

    outlook = town.outlook()

    assert (outlook.open, outlook.issuing) == (False, False)
