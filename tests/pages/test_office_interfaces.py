"""The page about other systems: how each fares, its last messages, and programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from queue_server.actions import tokens
from queue_server.office.interfaces import SCOPES, TROUBLES, sentence
from queue_server.store.api_tokens import SCOPES as KNOWN_SCOPES
from queue_server.webhooks.courier import Courier
from queue_server.webhooks.sending import SENTENCES
from tests.office import HERE, Office, make_office
from tests.receiver import HookReceiver

Visit = Callable[..., BeautifulSoup]
PAGE = "/office/interfaces"
SECRET = "sehr-geheimes-wort"


@pytest.fixture
def receiver() -> Iterator[HookReceiver]:
    receiver = HookReceiver()
    yield receiver
    receiver.close()


@pytest.fixture
def telling(tmp_path: Path, receiver: HookReceiver) -> Iterator[Office]:
    """An office that tells the receiver of numbers."""
    hook = f'[[webhook]]\nurl = "{receiver.url}"\nsecret = "{SECRET}"\nname = "Akte"\n'
    text = (HERE / "office.toml").read_text() + f'\n{hook}events = ["TicketIssued"]\n'
    office = make_office(tmp_path, text)
    courier_of(office).collect(office.clock())
    yield office
    office.store.close()


def courier_of(office: Office) -> Courier:
    context = office.app.extensions["aufruf"]
    return Courier(context.store, lambda: context.settings)


def draw_and_tell(office: Office, site: str = "rathaus", clerk: str = "Aylin") -> None:
    path = f"/api/v1/sites/{site}/tickets"
    drawn = office.signed_in(clerk).post(path, json={"services": ["meldewesen"]})
    assert drawn.status_code == 201, drawn.text
    tell(office)


def tell(office: Office) -> None:
    courier = courier_of(office)
    courier.collect(office.clock())
    for hook in courier.hooks:
        while courier.deliver(hook, office.clock()):
            pass


def test_without_anything_configured_it_says_how_to_begin(office: Office, visit: Visit) -> None:
    page = visit(office.signed_in("Lea"), PAGE)

    assert "Keines eingerichtet" in page.get_text() and "aufruf token add" in page.get_text()
    assert page.select_one('a[href="/api/docs"]') is not None


def test_a_failure_is_shown_and_sent_again_by_hand(
    telling: Office, receiver: HookReceiver, visit: Visit
) -> None:
    lea = telling.signed_in("Lea")
    receiver.statuses = [503]
    draw_and_tell(telling)
    shown = visit(lea, PAGE)
    assert "gestört" in shown.get_text() and "(Antwort 503)" in shown.get_text()
    assert "1 Versuch" in shown.get_text()

    (form,) = shown.select('form[action="/office/interfaces/repeat"]')
    field = form.select_one("input[name=delivery]")
    assert field is not None
    answer = lea.post("/office/interfaces/repeat", data={"delivery": field["value"]})
    tell(telling)

    assert (answer.status_code, len(receiver.requests)) == (303, 2)
    assert "erneut gesendet" not in visit(lea, "/office/changes").get_text(), "it waited anyway"
    text = visit(lea, PAGE).get_text()
    assert "in Ordnung" in text and "angenommen" in text and "gestört" not in text


def test_who_sent_something_again_can_be_looked_up(
    telling: Office, receiver: HookReceiver, visit: Visit
) -> None:
    draw_and_tell(telling)
    lea = telling.signed_in("Lea")

    lea.post("/office/interfaces/repeat", data={"delivery": "1"})
    tell(telling)

    assert len({request.body for request in receiver.requests}) == 1 < len(receiver.requests)
    (row,) = visit(lea, "/office/changes").select("tbody tr")
    assert "Lea" in row.get_text() and "erneut gesendet" in row.get_text()


def test_it_shows_no_secret_and_no_address(telling: Office, visit: Visit) -> None:
    draw_and_tell(telling)
    secret = tokens.add(telling.store, "Foyer", "rathaus", "kiosk", now=telling.clock())

    page = str(visit(telling.signed_in("Lea"), PAGE))

    assert "Akte" in page and "Foyer" in page
    for hidden in (SECRET, "geheimer-pfad", "127.0.0.1", secret):
        assert hidden not in page
    figures = telling.visitor().get("/metrics").text
    assert 'aufruf_webhook_waiting{hook="Akte"} 0.0' in figures
    assert SECRET not in figures and "geheimer-pfad" not in figures


def test_figures_say_nothing_of_a_webhook_that_is_configured_no_longer(
    telling: Office, receiver: HookReceiver
) -> None:
    """Its alarm would never end."""
    receiver.statuses = [503]
    draw_and_tell(telling)
    context = telling.app.extensions["aufruf"]
    assert 'aufruf_webhook_failures{hook="Akte"} 1.0' in telling.visitor().get("/metrics").text

    context.settings = replace(context.settings, webhooks=())

    assert "Akte" not in telling.visitor().get("/metrics").text


def test_messages_of_another_site_are_not_shown_and_not_sent_again(
    telling: Office, receiver: HookReceiver, visit: Visit
) -> None:
    draw_and_tell(telling, site="nordend", clerk="Clara")
    lea = telling.signed_in("Lea")

    assert "Letzte Meldungen" not in visit(lea, PAGE).get_text()
    for wrong in ("1", "999", "x", ""):
        assert lea.post("/office/interfaces/repeat", data={"delivery": wrong}).status_code == 404
    tell(telling)
    assert len(receiver.requests) == 1


def test_every_trouble_and_every_scope_has_words() -> None:
    assert TROUBLES.keys() == SENTENCES.keys()
    assert set(SCOPES) == set(KNOWN_SCOPES)
    assert sentence("answered 422").endswith("(Antwort 422).")
    assert sentence("") == ""
