"""Numbers are unique per site and day, wrap, skip the living, and restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain.codes import new_token
from queue_server.domain.errors import NumbersUsedUp
from queue_server.domain.hours import ALWAYS
from tests.domain.waiting_room import walk_in
from tests.issued import issue
from tests.town import MONDAY

TUESDAY = MONDAY + timedelta(days=1)


def draw(tx, people, group="M", day=MONDAY, site="rathaus"):
    """So many tickets of one group, quickly."""
    return [
        issue(
            tx,
            replace(walk_in(), site=site, token=new_token()),
            day=day,
            group=group,
            minutes=10,
        )
        for _ in people
    ]


def end(tx, some):
    for ticket in some:
        tx.write("UPDATE tickets SET state = 'served' WHERE id = :id", {"id": ticket.id})


def test_each_group_and_each_site_counts_for_itself(town):
    numbers = [
        town.draw("Meldewesen").number,
        town.draw("Ausweise").number,
        town.draw("Meldewesen").number,
        town.draw("Meldewesen", site="nordend").number,
    ]

    assert numbers == ["M 001", "A 001", "M 002", "M 001"]


def test_the_first_service_of_a_visit_gives_the_letter(town):
    assert town.draw("Kfz", "Meldewesen").number == "K 001"


def test_after_999_the_numbers_wrap_and_skip_everybody_who_is_still_here(town):
    with town.store.transaction() as tx:
        first, second, third, *rest = draw(tx, range(999))
        end(tx, [second, *rest])

        assert [ticket.number for ticket in draw(tx, range(2))] == ["M 002", "M 004"]
        assert {first.number, third.number} == {"M 001", "M 003"}


def test_when_999_people_of_a_group_are_here_the_next_one_is_refused(town):
    with town.store.transaction() as tx:
        draw(tx, range(999))

        with pytest.raises(NumbersUsedUp):
            draw(tx, range(1))
        assert draw(tx, range(1), group="A")[0].number == "A 001"


def test_numbers_restart_at_the_first_ticket_of_a_local_day(town):
    town.draw()
    town.set_clock("08:00", TUESDAY)
    town.tidy()

    assert town.draw().number == "M 001"


def test_a_restarted_count_skips_whoever_is_left_from_yesterday(town):
    with town.store.transaction() as tx:
        left, gone = draw(tx, range(2))
        end(tx, [gone])

        assert draw(tx, range(2), day=TUESDAY)[0].number == "M 002"


def test_the_day_of_a_number_is_the_local_day_not_that_of_utc(town):
    town.change(hours=ALWAYS)
    town.set_clock("23:30")
    late = town.draw("Kfz")
    town.pass_time(minutes=45)

    # 00:15 in Berlin is still yesterday in UTC.
    assert (late.number, town.draw("Meldewesen").number) == ("K 001", "M 001")
    with town.store.snapshot() as snapshot:
        days = [row["day"] for row in snapshot.rows("SELECT day FROM tickets ORDER BY id")]
    assert days == ["2026-03-02", "2026-03-03"]
