"""Before their turn people say which documents they don't have with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain.errors import BadRequest, MoveRefused, NotFound

PAPERS = ("Personalausweis", "Wohnungsgeberbestätigung")


@pytest.fixture(autouse=True)
def catalogue(town):
    town.change_service("Meldewesen", documents=PAPERS)
    town.change_service("Kfz", documents=("Fahrzeugschein", "Personalausweis"))


def test_what_is_missing_stands_at_the_ticket_and_in_the_journal(town):
    who = town.draw("Meldewesen")

    town.declare_missing(who, "Wohnungsgeberbestätigung")

    assert town.ticket(who).missing == ("Wohnungsgeberbestätigung",)
    assert town.journal()[-1].missing == ("Wohnungsgeberbestätigung",)


def test_it_costs_neither_number_nor_place(town):
    first, _ = town.draw("Meldewesen"), town.draw("Meldewesen")

    town.declare_missing(first, *PAPERS)

    assert town.call_next() == first


def test_the_same_word_twice_is_once(town):
    who = town.draw("Meldewesen")

    for order in (PAPERS, PAPERS[::-1], PAPERS * 2):
        town.declare_missing(who, *order)

    assert town.ticket(who).missing == PAPERS
    assert town.happened().count("DocumentsDeclared") == 1


def test_the_last_word_counts(town):
    who = town.draw("Meldewesen")
    town.declare_missing(who, *PAPERS)

    town.declare_missing(who)

    assert town.ticket(who).missing == ()
    assert town.happened().count("DocumentsDeclared") == 2


def test_documents_of_all_concerns_count_once_in_the_order_of_the_catalogue(town):
    who = town.draw("Kfz", "Meldewesen")

    ticket = town.declare_missing(who, "Fahrzeugschein", "Personalausweis")

    assert ticket.missing == ("Personalausweis", "Fahrzeugschein")


@pytest.mark.parametrize("document", ["", "Fahrzeugschein", "a note about somebody"])
def test_whatever_the_concern_does_not_ask_for_is_refused_by_name(town, document):
    who = town.draw("Meldewesen")

    with pytest.raises(BadRequest) as refusal:
        town.declare_missing(who, "Personalausweis", document)

    assert refusal.value.facts["errors"] == [("missing.1", "unknown", "")]
    assert town.happened() == ["TicketIssued"]


def test_the_called_and_the_parked_may_still_say_it(town):
    who = town.draw("Meldewesen")
    town.call_next()
    town.declare_missing(who, PAPERS[0])
    town.park()

    assert town.declare_missing(who, *PAPERS).missing == PAPERS


@pytest.mark.parametrize("then", ["arrive", "no_show", "finish"])
def test_once_served_or_gone_there_is_nothing_to_say(town, then):
    who = town.draw("Meldewesen")
    town.call_next()
    getattr(town, then)()

    with pytest.raises(MoveRefused):
        town.declare_missing(who, PAPERS[0])


def test_only_the_token_and_its_own_site_may_say_it(town):
    who = town.draw("Meldewesen")

    with pytest.raises(NotFound):
        town.declare_missing(replace(who, token="guess"))
    with pytest.raises(NotFound):
        town.declare_missing(who, site="nordend")
