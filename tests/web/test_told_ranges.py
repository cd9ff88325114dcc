"""What the holder of a new number is told, and what the journal keeps of it."""

from __future__ import annotations

import pytest

from queue_server.domain.events import ForecastGiven, TicketIssued
from queue_server.domain.hours import ALWAYS
from queue_server.domain.waiting import AT_ONCE
from queue_server.web import forecaster
from queue_server.web.told_ranges import MOST_JUST_TOLD
from tests.web.forecasts import Counted, drawn, shared, tell, telling


@pytest.fixture
def town(town):
    town.change(hours=ALWAYS)
    return town


def test_an_appointment_checked_in_a_moment_ago_gets_a_range_of_its_own(town):
    forecasts = shared(town)
    town.open_counter("Schalter 1")
    forecasts.of(town.site())
    who = town.check_in(town.booked("Meldewesen", at="08:20"))

    assert tell(telling(town, forecasts), town, who).range is not None


def test_whoever_draws_a_number_just_when_a_counter_opens_is_told_a_range(town, monkeypatch):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    forecasts = shared(town)
    forecasts.of(town.site())
    town.open_counter("Schalter 1")
    who = town.draw()

    assert tell(telling(town, forecasts), town, who).range is not None


def test_of_two_who_draw_in_the_same_moment_the_second_knows_of_the_first(town, monkeypatch):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    forecasts = shared(town)
    town.open_counter("Schalter 1")
    forecasts.of(town.site())
    first, second = town.draw("Kfz"), town.draw("Kfz")
    told = [tell(telling(town, forecasts), town, who).range for who in (first, second)]

    assert told[0] == AT_ONCE and told[1].likely_minutes > 5


def test_one_forecast_serves_all_who_come_within_a_second_each_behind_those_before(
    town, monkeypatch
):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    forecasts = shared(town, offload := Counted())
    town.open_counter("Schalter 1")
    forecasts.of(town.site())
    told = telling(town, forecasts)
    ranges = [tell(told, town, town.draw("Kfz")).range for _ in range(8)]

    likely = [range.likely_minutes for range in ranges]
    assert likely == sorted(likely) and likely[-1] >= 4 * likely[1] > 0
    assert offload.works == 1, "nobody's number waits for a forecast of its own"


def test_who_comes_while_a_forecast_is_made_stands_behind_those_whom_it_knows(town):
    class Interrupted:
        """Somebody draws a number while the forecast is made."""

        late = None

        def __call__(self, work):
            made, self.late = work(), town.draw("Kfz")
            return made

    forecasts = shared(town, interrupted := Interrupted())
    town.open_counter("Schalter 1")
    told = telling(town, forecasts)
    first = told.standing(town.site(), town.ticket(town.draw("Kfz"))).range
    second = told.standing(town.site(), town.ticket(interrupted.late)).range

    assert first == AT_ONCE and second.likely_minutes > 5


def test_whoever_has_precedence_is_not_told_the_range_of_a_newcomer(town, monkeypatch):
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 3600.0)
    forecasts = shared(town, offload := Counted())
    town.open_counter("Schalter 1")
    for _ in range(3):
        town.draw("Kfz")
    forecasts.of(town.site())
    who = town.draw("Kfz", precedence="mobility", clerk=1)

    assert tell(telling(town, forecasts), town, who).range == AT_ONCE
    assert offload.works == 2


def test_the_journal_keeps_what_the_holder_is_told(town):
    town.draw("Kfz")
    town.call_next()
    who = town.draw("Kfz")
    place = tell(telling(town), town, who)

    assert [(e.ticket, e.low_minutes, e.high_minutes, e.likely_minutes) for e in given(town)] == [
        (who.id, place.range.low_minutes, place.range.high_minutes, place.range.likely_minutes)
    ]


def test_a_record_that_fails_keeps_nobody_else_from_being_recorded(town, caplog):
    told = telling(town)
    town.open_counter("Schalter 1")
    first = town.draw("Kfz")
    told.hear([nobody(town, 999), *drawn(town)])
    told.record()
    assert "told but not kept: tickets=999 NotFound" in caplog.text

    second = town.draw("Kfz")
    told.hear(drawn(town)[-1:])
    told.record()

    assert [event.ticket for event in given(town)] == [first.id, second.id]


def test_whoever_is_called_before_it_is_recorded_was_told_when_the_number_was_new(town):
    told = telling(town)
    town.open_counter("Schalter 1")
    who = town.draw("Kfz")
    place = told.standing(town.site(), town.ticket(who))
    told.hear(drawn(town))
    came = town.now
    town.pass_time(seconds=1)
    town.call_next()
    told.record()

    assert place.range == AT_ONCE
    assert [(each.ticket, each.at, each.likely_minutes) for each in given(town)] == [
        (who.id, came, 0)
    ]


def test_all_who_were_told_meanwhile_are_recorded_in_one_transaction(town):
    told, commits = telling(town), []
    town.open_counter("Schalter 1")
    people = [town.draw("Kfz") for _ in range(5)]
    told.hear(drawn(town))
    town.store.listen(lambda events: commits.append([event.ticket for event in events]))
    told.record()
    told.record()

    assert commits == [[who.id for who in people]]


def test_when_nobody_records_the_oldest_are_given_up_and_the_log_says_so(town, caplog):
    told = telling(town)
    town.open_counter("Schalter 1")
    who = town.draw("Kfz")
    for number in range(MOST_JUST_TOLD):
        told.hear([nobody(town, 1_000 + number)])
    told.hear(drawn(town))

    assert "told but not kept: tickets=1000, 1001, " in caplog.text
    assert "nobody records" in caplog.text
    assert len(told._unrecorded) <= MOST_JUST_TOLD
    assert told._unrecorded[-1].ticket == who.id


def given(town) -> list[ForecastGiven]:
    return [event for event in town.journal() if isinstance(event, ForecastGiven)]


def nobody(town, id: int) -> TicketIssued:
    return TicketIssued(at=town.now, site="rathaus", ticket=id, kind="walk_in", services=("kfz",))


def test_where_no_counter_is_open_nothing_is_told_and_nothing_kept(town):
    who = town.draw()

    assert tell(telling(town), town, who).range is None
    assert "ForecastGiven" not in town.happened()


def test_screen_and_paper_say_for_a_minute_what_the_first_answer_said(town, unhurried):
    ranges = telling(town)
    for _ in range(3):
        town.draw("Kfz")
    town.call_next()
    who = town.draw("Kfz")
    told = tell(ranges, town, who).range
    town.finish(), town.call_next()
    town.pass_time(seconds=30)
    assert ranges.standing(town.site(), town.ticket(who)).range == told
    town.pass_time(seconds=40)

    assert ranges.standing(town.site(), town.ticket(who)).range != told


def test_whoever_draws_a_number_keeps_it_when_no_forecast_can_be_made(town, caplog):
    def broken(work):
        raise RuntimeError("no thread left")

    town.open_counter("Schalter 1")
    who = town.draw("Kfz")

    place = tell(telling(town, shared(town, broken)), town, who)
    assert place is not None and (place.ahead, place.range) == (0, None)
    assert "no forecast for site rathaus" in caplog.text
