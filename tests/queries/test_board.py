"""The wall: numbers and places, newest call first, and never a name, a concern or a reason."""

from __future__ import annotations

from dataclasses import asdict

from queue_server.queries.board import NEXT_SHOWN


def test_a_call_is_on_the_wall_with_counter_and_direction(town):
    who = town.draw()
    called = town.call()

    (shown,) = town.board().calls
    assert (shown.call, shown.number, shown.counter) == (called.call, who.number, "Schalter 1")
    assert (shown.direction, shown.kind, shown.times, shown.at) == (
        "left",
        "walk_in",
        1,
        town.now,
    )


def test_only_the_called_are_shown_newest_first(town):
    first, second = town.draw("Ausweise"), town.draw("Ausweise")
    town.call_next("Schalter 1")
    town.pass_time(seconds=1)
    town.call_next("Schalter 2")
    assert [call.number for call in town.board().calls] == [second.number, first.number]

    town.arrive("Schalter 2")

    assert [call.number for call in town.board().calls] == [first.number]


def test_every_event_of_the_site_makes_the_version_grow(town):
    versions = [town.board().version]
    for verb in (town.draw, town.call_next, town.recall, town.arrive, town.finish):
        verb()
        versions.append(town.board().version)

    assert versions == sorted(set(versions))


def test_the_version_of_a_site_does_not_move_for_another_site(town):
    town.draw()
    before = town.board().version

    town.draw(site="nordend")

    assert town.board().version == before


def test_the_wall_of_nordend_hears_nothing_of_the_rathaus(town):
    town.draw()
    town.call_next()

    board = town.board("nordend")

    assert (board.calls, board.next, board.version) == ((), (), 0)


def test_the_next_numbers_stand_in_calling_order_and_are_few(town):
    people = [town.draw() for _ in range(NEXT_SHOWN + 2)]
    town.prefer(people[-1], "emergency")

    assert town.board().next == tuple(p.number for p in [people[-1], *people[: NEXT_SHOWN - 1]])


def test_the_wall_says_whether_numbers_are_issued_and_what_the_house_has_to_say(town):
    town.change(notices=("Heute ohne Kasse",))
    assert (town.board().issuing, town.board().notices) == (True, ("Heute ohne Kasse",))

    town.set_clock("11:50")

    assert not town.board().issuing


def test_the_wall_never_tells_name_concern_reason_code_or_token(town):
    appointment = town.booked("Kfz", at="08:05", name="Frau Yilmaz")
    who = town.check_in(appointment)
    town.prefer(who, "mobility")
    town.call_next()

    shown = str(asdict(town.board()))

    for secret in ("ilmaz", "kfz", "Kfz", "mobility", "precedence", appointment.code, who.token):
        assert secret not in shown


def test_a_counter_that_the_configuration_lost_still_names_its_call(town):
    town.draw()
    town.call_next()
    town.change(counters=())

    (shown,) = town.board().calls
    assert (shown.counter, shown.direction) == ("schalter-1", "")
