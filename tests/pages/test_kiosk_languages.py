"""A language is chosen with one touch on the kiosk and goes with the visitor."""

from __future__ import annotations

from tests.office import Office

HOME = "/kiosk/eingang"


def test_the_first_page_offers_each_language_in_its_own_name(office: Office, visit):
    page = visit(office.kiosk(), HOME)

    offered = {
        link["lang"]: link.get_text(strip=True) for link in page.select(".kiosk-languages a")
    }
    assert offered["de"] == "Deutsch" and offered["en"] == "English"
    assert page.html["lang"] == "de"


def test_the_kiosk_has_no_wishes_of_its_own(office: Office):
    answer = office.kiosk().get(HOME, headers={"Accept-Language": "en"})

    assert '<html lang="de"' in answer.text


def test_a_language_goes_from_the_first_page_to_ticket_and_phone(office: Office, visit):
    kiosk = office.kiosk()
    home = visit(kiosk, f"{HOME}?lang=en", language="en")
    drawn = kiosk.post(
        home.select_one(".choices--services")["action"], data={"services": "meldewesen"}
    )

    page = visit(kiosk, drawn.location, language="en")
    token = drawn.location.rpartition("/")[2].partition("?")[0]
    phone = visit(office.visitor(), f"/t/{token}", language="en")

    assert "Your number" in page.get_text(" ") and "Your ticket number" in phone.get_text(" ")
    assert page.select_one('bdi[lang="de"][dir="ltr"]'), "what is not translated is marked German"
    again = office.kiosk().get(f"{HOME}/tickets/{token}")
    assert '<html lang="en"' in again.text, "the ticket itself remembers"
    done = page.select_one(".button--primary[data-visit]")
    assert done["href"] == HOME, "after the ticket the kiosk speaks German again"


def test_a_refusal_and_every_way_on_keep_the_language(office: Office, visit):
    kiosk = office.kiosk()
    refused = kiosk.post(f"{HOME}/check-ins?lang=en", data={"code": "XXXXXXXXX"})

    assert '<html lang="en"' in refused.text and "lang=en" in refused.text
    for link in visit(kiosk, f"{HOME}/several?lang=en", language="en").select("a[data-visit]"):
        assert "lang=en" in link["href"]
