"""What foreign pages may show: the same for everybody, in their language, kept for a moment."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup

from queue_server.domain.hours import Hours, Span, SpecialDay
from queue_server.languages import ready
from queue_server.settings import Mail
from tests.api.bookings import furnish
from tests.office import Office
from tests.pages.conftest import inspect_page

BOTH = ("/embed/rathaus.js", "/embed/rathaus")


@pytest.fixture
def sending(office: Office) -> Office:
    """Letters are sent, so that citizens can book online."""
    set_mail(office, "file:letters")
    return office


def set_mail(office: Office, url: str) -> None:
    context = office.app.extensions["aufruf"]
    context.settings = replace(context.settings, mail=Mail(smtp_url=url, sender="a@example.org"))


def set_origins(office: Office, *origins: str) -> None:
    context = office.app.extensions["aufruf"]
    server = replace(context.settings.server, embed_origins=origins)
    context.settings = replace(context.settings, server=server)


def frame(office: Office, query: str = "", status: int = 200) -> BeautifulSoup:
    answer = office.visitor().get(f"/embed/rathaus{query}")
    assert answer.status_code == status, answer.text
    page = BeautifulSoup(answer.text, "html.parser")
    inspect_page(page, str(page.html["lang"]) if page.html else "")
    return page


def parts(page: BeautifulSoup) -> dict[str, str]:
    """What can be read of the box, by the names of its parts."""
    found = page.select("[data-part]:not([hidden])")
    return {str(each["data-part"]): each.get_text().replace("\N{NO-BREAK SPACE}", " ")
            for each in found}  # fmt: skip


def news(office: Office, site: str = "rathaus") -> dict[str, Any]:
    """What the script brings along."""
    text = office.visitor().get(f"/embed/{site}.js").text
    found = re.search(r"const BROUGHT = (\{.*\});$", text, re.MULTILINE)
    assert found is not None
    brought: dict[str, Any] = json.loads(found[1])
    return brought


def crowd(office: Office, people: int = 3) -> None:
    """Schalter 1 is open, and so many wait."""
    aylin = office.signed_in("Aylin", "schalter-1")
    for _ in range(people):
        aylin.post("/api/v1/sites/rathaus/tickets", json={"services": ["meldewesen"]})


def test_the_frame_tells_state_waiting_time_and_the_way_to_book(sending: Office) -> None:
    crowd(sending, people=1)

    said = parts(frame(sending))

    assert said["name"] == "Rathaus" and said["opening"] == "Durchgehend geöffnet"
    assert re.fullmatch(r"Wartezeit ohne Termin: \d+ bis \d+ Minuten", said["waiting"])
    assert (said["people"], said["at"]) == ("1 Person wartet", "Stand 08:00 Uhr")
    assert said["book"] == "Termin buchen" and "phone" not in said


def test_a_wait_in_hours_and_minutes_ends_with_one_full_stop(sending: Office) -> None:
    crowd(sending, people=9)
    stop = sending.clerk("Aylin").put(
        "/api/v1/sites/rathaus/stops/kfz", json={"mode": "stopped", "reason": "Krank"}
    )
    assert stop.status_code == 200

    waiting = parts(frame(sending))["waiting"]

    assert re.search(r"\d Std\. \d+ Min\. Für einzelne Anliegen", waiting), waiting
    english = parts(frame(sending, "?lang=en"))["waiting"]
    assert english.endswith(". There are no ticket numbers for some services at the moment.")


def test_its_links_open_our_pages_in_the_whole_window(sending: Office) -> None:
    links = frame(sending).select("a[href]")

    assert [link["href"] for link in links] == [
        "/termin?site=rathaus&lang=de",
        "/?site=rathaus&lang=de",
    ]
    assert {link["target"] for link in links} == {"_top"}
    for link in links:
        assert sending.visitor().get(str(link["href"])).status_code == 200


def test_the_script_brings_the_same_in_every_language(sending: Office) -> None:
    crowd(sending)

    boxes = news(sending)["boxes"]

    assert set(boxes) == set(ready())
    for language, box in boxes.items():
        read = {name: text.replace("\N{NO-BREAK SPACE}", " ") for name, text in box.items()
                if isinstance(text, str)}  # fmt: skip
        said = parts(frame(sending, f"?lang={language}"))
        assert said.items() <= read.items()
        assert f"lang={language}" in box["book_path"]


def test_the_frame_speaks_as_asked_or_as_the_browser_likes(office: Office) -> None:
    english = office.visitor().get("/embed/rathaus", headers={"Accept-Language": "en-GB"})

    assert '<html lang="en" dir="ltr">' in english.text
    assert english.vary.as_set() == {"accept-language", "cookie"}
    assert frame(office, "?lang=en").html["lang"] == "en"  # type: ignore[index]
    assert frame(office, "?lang=de").html["lang"] == "de"  # type: ignore[index]
    arabic = frame(office, "?lang=ar")
    assert arabic.html["dir"] == "rtl"  # type: ignore[index]
    assert arabic.h1["lang"] == "de"  # type: ignore[index]


def test_only_the_languages_of_the_office_are_brought(office: Office) -> None:
    context = office.app.extensions["aufruf"]
    server = replace(context.settings.server, languages=("en", "ar"))
    context.settings = replace(context.settings, server=server)

    boxes = news(office)["boxes"]

    assert {language: box["direction"] for language, box in boxes.items()} == {
        "de": "ltr",
        "en": "ltr",
        "ar": "rtl",
    }
    assert {box["name_language"] for box in boxes.values()} == {"de"}


def test_a_frame_may_be_kept_light_or_dark(office: Office) -> None:
    for query, scheme in (("?scheme=dark", "dark"), ("?scheme=x", None), ("", None)):
        page = frame(office, query)

        assert page.html is not None and page.html.get("data-scheme") == scheme


def test_while_closed_it_says_when_it_opens_and_nothing_of_waiting(sending: Office) -> None:
    closed_today = (SpecialDay(sending.clock().date()),)
    furnish(sending, special_days=closed_today)

    said = parts(frame(sending))

    assert said["opening"].startswith("Geschlossen, öffnet morgen um 00:00")
    assert said.keys() == {"name", "opening", "book", "more", "at"}


def test_shortly_before_closing_there_are_no_more_numbers(office: Office) -> None:
    furnish(office, hours=Hours(days=((Span(7 * 60, 8 * 60 + 10),),) * 7))

    assert parts(frame(office))["waiting"] == "Heute gibt es keine neuen Wartenummern mehr."


def test_without_an_open_counter_it_says_so(office: Office) -> None:
    assert parts(frame(office))["waiting"] == "Zurzeit ist kein Schalter besetzt."


def test_where_nobody_may_come_without_an_appointment_it_says_so(office: Office) -> None:
    services = office.app.extensions["aufruf"].settings.site("rathaus").services
    furnish(office, services=tuple(replace(each, walk_in=False) for each in services))

    assert parts(frame(office))["waiting"] == "Nur mit Termin."


def test_without_letters_it_names_the_phone_instead(office: Office) -> None:
    set_mail(office, "")
    furnish(office, phone="04321 555-0")

    said = parts(frame(office))

    assert "book" not in said and said["phone"] == "Termin vereinbaren: Telefon 04321 555-0"


def test_where_nothing_can_be_booked_no_button_says_so(sending: Office) -> None:
    services = sending.app.extensions["aufruf"].settings.site("rathaus").services
    furnish(sending, services=tuple(replace(each, bookable=False) for each in services))

    assert "book" not in parts(frame(sending)) and "phone" not in parts(frame(sending))


@pytest.mark.parametrize("path", BOTH)
def test_foreign_pages_may_show_it_and_keep_it_for_a_moment(office: Office, path: str) -> None:
    headers = office.visitor().get(path).headers

    assert "X-Frame-Options" not in headers
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cache-Control"] == "public, max-age=30"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", [*BOTH, "/embed/atlantis", "/embed/atlantis.js"])
def test_nobody_is_recognised_and_nothing_is_left_behind(office: Office, path: str) -> None:
    everybody = office.visitor().get(path)

    for client in (office.signed_in("Aylin"), office.kiosk()):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert answer.text == everybody.text


def test_a_language_that_a_page_of_others_asks_for_is_no_choice_to_remember(
    office: Office,
) -> None:
    visitor = office.visitor()

    # As a browser asks for it where the website and Aufruf have one address.
    answer = visitor.get("/embed/rathaus?lang=tr", headers={"Sec-Fetch-Site": "same-origin"})

    assert 'lang="tr"' in answer.text and "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers, "a cache would hand it to everybody"


def test_only_named_websites_may_embed_when_some_are_named(office: Office) -> None:
    set_origins(office, "https://www.musterstadt.example", "https://kreis.example:8443")

    policy = office.visitor().get("/embed/rathaus").headers["Content-Security-Policy"]

    assert policy.endswith(
        "frame-ancestors 'self' https://www.musterstadt.example https://kreis.example:8443"
    )
    assert news(office)["origins"] == [
        "https://www.musterstadt.example", "https://kreis.example:8443"
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/termin", "/login", "/api/v1/sites", "/display/wand"])
def test_no_other_page_can_be_embedded(office: Office, path: str) -> None:
    office.visitor().get("/embed/rathaus")

    headers = office.visitor().get(path).headers

    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_an_unknown_site_is_told_to_those_who_look(office: Office) -> None:
    script = office.visitor().get("/embed/<b>.js")
    page = office.visitor().get("/embed/atlantis")

    assert (script.status_code, script.mimetype) == (404, "text/javascript")
    assert script.text.startswith("// ") and "<b>" not in script.text
    assert page.status_code == 404 and "X-Frame-Options" not in page.headers
    inspect_page(BeautifulSoup(page.text, "html.parser"))


def test_the_configured_address_is_where_links_lead(office: Office) -> None:
    assert news(office)["home"] == ""
    context = office.app.extensions["aufruf"]
    server = replace(context.settings.server, public_url="https://termine.example")
    context.settings = replace(context.settings, server=server)

    assert news(office)["home"] == "https://termine.example"


def test_no_name_breaks_out_of_the_script_or_the_page(office: Office) -> None:
    name = '</script><b x="1">&amp;'
    furnish(office, name=name)

    script = office.visitor().get("/embed/rathaus.js").text

    assert "</script>" not in script
    assert news(office)["boxes"]["de"]["name"] == name
    assert frame(office).select("b") == []
