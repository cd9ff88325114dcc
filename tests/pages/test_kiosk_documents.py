"""Haben Sie alles dabei? On the ticket page of everybody, and it never costs the number."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.office import Office
from tests.pages.test_kiosk_check_in import booked, scan
from tests.pages.test_kiosk_tickets import draw, number_on, page_of, refusal_of, words_of

PAPERS = ["Personalausweis oder Reisepass", "Wohnungsgeberbestätigung"]


def say(kiosk: FlaskClient, ticket: str, *have: str, papers: str = "some"):
    return kiosk.post(f"{ticket}/documents", data={"have": list(have), "papers": papers})


def in_queue(office: Office) -> dict:
    (ticket,) = office.signed_in("Aylin").get("/api/v1/sites/rathaus/queue").json["waiting"]
    return ticket


@pytest.fixture(params=["walk-in", "appointment"])
def ticket(request, office: Office) -> str:
    """The path of the ticket page."""
    if request.param == "walk-in":
        return draw(office.kiosk(), "meldewesen").location
    return scan(office, booked(office).code).location


def test_the_documents_stand_there_to_be_ticked(office: Office, visit, ticket):
    page = visit(office.kiosk(), ticket)

    assert "Haben Sie alles dabei?" in words_of(page)
    ticks = page.select("[name=have]")
    assert [tick["value"] for tick in ticks] == PAPERS
    assert not any(tick.has_attr("checked") for tick in ticks)


def test_what_is_missing_is_passed_on_and_kindly_taken(office: Office, ticket):
    kiosk = office.kiosk()

    page = page_of(kiosk, say(kiosk, ticket, PAPERS[0]))

    said = words_of(page)
    assert "Danke. Wir sagen es am Schalter gleich mit." in said
    assert f"Es fehlt: {PAPERS[1]}" in said
    assert "Sie können trotzdem warten" in said
    assert number_on(page) == "M 001"
    assert (in_queue(office)["missing"], in_queue(office)["place"]) == ([PAPERS[1]], 1)


def test_all_there_is_one_touch(office: Office, ticket):
    kiosk = office.kiosk()

    said = words_of(page_of(kiosk, say(kiosk, ticket, papers="all")))

    assert "Danke. Dann ist alles bereit." in said
    assert "fehlt:" not in said
    assert in_queue(office)["missing"] == []


@pytest.mark.parametrize("papers", ["all", "some"])
def test_a_tick_at_every_document_is_all_there(office: Office, ticket, papers):
    kiosk = office.kiosk()

    say(kiosk, ticket, *PAPERS, papers=papers)

    assert in_queue(office)["missing"] == []


def test_whoever_found_it_after_all_may_say_so(office: Office, visit, ticket):
    kiosk = office.kiosk()
    say(kiosk, ticket, PAPERS[0])

    page = visit(kiosk, ticket)
    ticked = [tick["value"] for tick in page.select("[name=have][checked]")]
    say(kiosk, ticket, *PAPERS)

    assert ticked == PAPERS[:1]
    assert in_queue(office)["missing"] == []


def test_whoever_ticks_nothing_has_nothing(office: Office, ticket):
    kiosk = office.kiosk()

    page = page_of(kiosk, say(kiosk, ticket))

    assert "Es fehlen:" in words_of(page)
    assert in_queue(office)["missing"] == PAPERS
    assert number_on(page) == "M 001"


def test_a_document_nobody_asked_for_is_refused_and_the_number_stands(office: Office, ticket):
    refusal_of(say(office.kiosk(), ticket, "Notiz über jemanden"), 422)

    assert in_queue(office)["missing"] == []


def test_whoever_is_called_meanwhile_is_sent_to_the_counter(office: Office, ticket):
    kiosk, clerk = office.kiosk(), office.clerk("Aylin", "schalter-1")
    clerk.post("/api/v1/counters/schalter-1/calls", json={})

    page = page_of(kiosk, say(kiosk, ticket, PAPERS[0]))

    assert "Bitte gehen Sie jetzt zu Schalter 1." in words_of(page)
    assert page.select("[name=have]") == []


def test_whoever_is_served_already_is_told_where_and_nothing_is_lost(office: Office, ticket):
    kiosk, clerk = office.kiosk(), office.clerk("Aylin", "schalter-1")
    clerk.post("/api/v1/counters/schalter-1/calls", json={})
    clerk.post("/api/v1/counters/schalter-1/arrival", json={})

    page = page_of(kiosk, say(kiosk, ticket, PAPERS[0]))

    assert "Sie sind schon an der Reihe: Schalter 1." in words_of(page)


def test_a_concern_without_documents_asks_nothing(office: Office, visit):
    kiosk = office.kiosk()

    page = visit(kiosk, draw(kiosk, "kfz").location)

    assert "Haben Sie alles dabei?" not in words_of(page)


def test_documents_of_several_concerns_stand_there_once(office: Office, visit):
    kiosk = office.kiosk()

    page = visit(kiosk, draw(kiosk, "ausweise", "meldewesen").location)

    shown = [tick["value"] for tick in page.select("[name=have]")]
    assert shown == [*PAPERS, "Alter Ausweis", "Digitales Passfoto"]


def test_a_ticket_of_another_site_or_of_nobody_is_not_found(office: Office, ticket):
    elsewhere = ticket.replace("eingang", "nordend-kiosk")

    assert say(office.kiosk("nordend-kiosk"), elsewhere, PAPERS[0]).status_code == 404
    assert say(office.kiosk(), "/kiosk/eingang/tickets/unbekannt").status_code == 404
