"""Looking things up in a site."""

from __future__ import annotations

import pytest

from queue_server.domain.errors import BadRequest, NotFound, TooManyPersons, UnknownService
from tests.town import rathaus

RATHAUS = rathaus()


def test_a_counter_for_everything_serves_the_whole_catalogue():
    assert RATHAUS.served_by(("*",)) == ("meldewesen", "ausweise", "kfz")


def test_a_counter_serves_what_its_list_names_in_the_order_of_the_catalogue():
    assert RATHAUS.served_by(("kfz", "meldewesen", "gone")) == ("meldewesen", "kfz")


def test_an_unknown_service_or_counter_is_refused_by_name():
    with pytest.raises(UnknownService):
        RATHAUS.service("fischerei")
    with pytest.raises(NotFound):
        RATHAUS.counter("nordend-1")


def test_a_counter_that_the_configuration_no_longer_has_keeps_its_id_as_name():
    assert RATHAUS.counter_name("schalter-1") == "Schalter 1"
    assert RATHAUS.counter_name("schalter-9") == "schalter-9"


def test_a_service_named_twice_is_wanted_once():
    visit = RATHAUS.checked_visit(("kfz", "meldewesen", "kfz"), 1)

    assert [service.id for service in visit] == ["kfz", "meldewesen"]


def test_more_persons_than_the_service_takes_are_refused_with_the_limit():
    RATHAUS.checked_visit(("meldewesen",), 4)

    with pytest.raises(TooManyPersons) as refusal:
        RATHAUS.checked_visit(("meldewesen", "kfz"), 2)

    assert refusal.value.facts == {"service": "kfz", "most": 1}


@pytest.mark.parametrize(("services", "persons"), [((), 1), (("kfz",), 0), (("kfz",), -1)])
def test_a_visit_for_nothing_or_of_nobody_is_refused(services, persons):
    with pytest.raises(BadRequest):
        RATHAUS.checked_visit(services, persons)


def test_minutes_add_up_over_services_and_persons():
    assert RATHAUS.visit_minutes(("meldewesen", "kfz"), 1) == 30
    assert RATHAUS.visit_minutes(("meldewesen",), 3) == 30


def test_a_service_that_no_longer_exists_still_takes_a_minute():
    assert RATHAUS.visit_minutes(("gone",), 2) == 2
