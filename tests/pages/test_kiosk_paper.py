"""Paper at the kiosk: by itself and once; trouble costs the paper, never the number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from queue_server.web import printers
from tests.office import Office
from tests.pages.conftest import inspect_page
from tests.pages.test_kiosk_check_in import booked
from tests.pages.test_kiosk_tickets import HOME, draw, number_on, page_of, words_of
from tests.printing.simulator import printer_simulator


def slips_on(paper: Path) -> int:
    """How often the paper was cut."""
    return paper.read_bytes().count(b"\x1dV")


def test_paper_comes_by_itself_with_number_code_and_concern(printing: Office, paper):
    kiosk = printing.kiosk()

    page = page_of(kiosk, draw(kiosk, "meldewesen"))

    assert "Ihr Zettel wird gedruckt" in words_of(page)
    slip = paper.read_bytes()
    for words in (b"Rathaus", b"M 001", b"Wohnsitz anmelden", b"08.06.2026, 08:00 Uhr", b"/t/"):
        assert words in slip
    assert b"Vor Ihnen wartet niemand." in slip and b"Marktplatz 1" in slip


def test_the_number_is_shown_before_its_slip_is_printed(printing: Office, paper):
    context, later = printing.app.extensions["aufruf"], list[Callable[[], None]]()
    context.pools = replace(context.pools, later=later.append)
    kiosk = printing.kiosk()

    page = page_of(kiosk, draw(kiosk, "meldewesen"))
    asked = page.select_one("[data-slip]")["data-slip"]
    before = kiosk.get(asked).json
    came_early = paper.exists()
    later[0]()

    assert number_on(page) == "M 001" and not came_early
    assert "Ihre Nummer gilt auch ohne Zettel" in page.template.get_text(), "should it fail"
    assert (before, kiosk.get(asked).json) == ({"state": "under_way"}, {"state": "printed"})
    assert slips_on(paper) == 1


def test_what_became_of_a_slip_is_told_to_its_kiosk_alone(printing: Office, paper):
    kiosk = printing.kiosk()
    token = draw(kiosk, "meldewesen").location.partition("/tickets/")[2].partition("?")[0]

    assert kiosk.get(f"{HOME}/slips/{token}").json == {"state": "printed"}
    assert kiosk.get(f"{HOME}/slips/unbekannt").json == {"state": "unknown"}
    assert printing.visitor().get(f"{HOME}/slips/{token}").status_code == 401


def test_two_kiosks_on_one_printer_take_turns(printing_as):
    """A receipt printer talks with one at a time; the second slip waits and is not lost."""
    with printer_simulator() as printer:
        more = f'[[site.kiosk]]\nid = "hintertuer"\nprinter = "{printer.address}"\n'
        office = printing_as(f'print = "always"\n{more}', printer=printer.address)
        context = office.app.extensions["aufruf"]
        kiosks = [(office.kiosk(each), each) for each in ("eingang", "hintertuer")]
        at_once, services = Barrier(2), {"services": ["meldewesen"]}
        printing, most = list[object](), list[int]()

        def counted(work):
            printing.append(work)
            most.append(len(printing))
            try:
                return work()
            finally:
                printing.remove(work)

        context.pools = replace(context.pools, printers=counted)

        def draw_at(kiosk, place: str) -> None:
            at_once.wait()
            assert kiosk.post(f"/kiosk/{place}/tickets", data=services).status_code == 303

        both = [Thread(target=draw_at, args=each) for each in kiosks]
        for each in both:
            each.start()
        for each in both:
            each.join()

    assert printer.received.count(b"\x1dV") == 2
    assert most == [1, 1]


def test_who_wants_another_slip_touches_once_more(printing: Office, paper):
    kiosk = printing.kiosk()
    again = page_of(kiosk, draw(kiosk, "meldewesen")).select_one("form[action$=slips]")

    page_of(kiosk, kiosk.post(again["action"]))

    assert "Zettel noch einmal drucken" in again.get_text()
    assert slips_on(paper) == 2


def test_a_double_touch_is_one_slip(printing: Office, paper):
    kiosk = printing.kiosk()

    for _ in range(2):
        assert draw(kiosk, "meldewesen", key="one-page").status_code == 303

    assert slips_on(paper) == 1


def test_whoever_checks_in_gets_a_slip_and_a_double_beep_no_second(printing: Office, paper):
    kiosk = printing.kiosk()
    code = booked(printing).code

    pages = [page_of(kiosk, kiosk.post(f"{HOME}/check-ins", data={"code": code})) for _ in "12"]

    assert slips_on(paper) == 1
    assert b"Ihr Termin: 08:15 Uhr" in paper.read_bytes()
    assert [number_on(page) for page in pages] == ["M 001"] * 2


@pytest.mark.parametrize(("wish", "labels"), [("ask", ["Zettel drucken"]), ("never", [])])
def test_paper_on_request_or_never(printing_as, paper, wish: str, labels: list[str]):
    kiosk = printing_as(f'print = "{wish}"').kiosk()

    page = page_of(kiosk, draw(kiosk, "meldewesen"))

    assert not paper.exists()
    assert [form.get_text(strip=True) for form in page.select("form[action$=slips]")] == labels


@pytest.mark.parametrize(("wish", "prints"), [("always", True), ("ask", False), ("never", False)])
def test_the_kiosks_own_browser_prints_as_it_is_told(printing_as, wish: str, prints: bool):
    kiosk = printing_as(f'print = "{wish}"', printer="browser").kiosk()

    page = page_of(kiosk, draw(kiosk, "meldewesen"))

    assert ("data-print-now" in page.select_one("[data-page]").attrs) is prints
    assert bool(page.select(".slip")) is (wish != "never")


def test_the_offices_own_words_stand_on_the_slip(printing_as, paper):
    kiosk = printing_as("", "[site.slip]\ntext = 'Die Kasse ist im Erdgeschoss.'").kiosk()

    draw(kiosk, "meldewesen")

    assert b"Die Kasse ist im Erdgeschoss." in paper.read_bytes()


def test_narrow_paper_has_shorter_lines(printing_as, paper):
    draw(printing_as("paper_mm = 58").kiosk(), "meldewesen")

    words = b"Bitte achten Sie auf die\nAnzeige. Ihre Nummer gilt nur\nheute."
    assert words in paper.read_bytes()


def test_narrow_paper_bears_the_short_name_of_the_house(printing_as, paper):
    for wide, kept in (("paper_mm = 58", b"Mitte"), ("", b"Rathaus")):
        draw(printing_as(wide, 'short_name = "Mitte"').kiosk(), "meldewesen")

        assert (kept in paper.read_bytes(), b"Mitte" in paper.read_bytes()) == (True, bool(wide))
        paper.unlink()


def test_a_printer_in_trouble_is_said_and_loses_nothing(printing: Office, paper):
    paper.mkdir()  # nobody can print on a directory
    kiosk = printing.kiosk()

    answer = draw(kiosk, "meldewesen")
    drawn = page_of(kiosk, answer)
    asked = kiosk.post(f"{urlsplit(answer.location).path}/slips")

    assert asked.status_code == 502
    for page in (drawn, BeautifulSoup(asked.text, "html.parser")):
        inspect_page(page)
        assert page.select("form[action$=slips]") == [], "nobody asks a broken printer"
        assert "Bitte merken oder fotografieren Sie Ihre Nummer" in words_of(page)
        assert number_on(page) == "M 001"
    home = BeautifulSoup(kiosk.get(HOME).text, "html.parser")
    assert "fotografieren Sie gleich Ihre Nummer" in words_of(home), "before anybody draws"


SEEN = {
    "paper_low": "Papier fast leer",
    "paper": "kein Papier",
    "cover": "Deckel offen",
    "fault": "gestört",
}


@pytest.mark.parametrize("fault", SEEN)
def test_a_fault_is_seen_and_said_before_anybody_draws(printing_as, visit, fault):
    with printer_simulator(fault=fault) as printer:
        office = printing_as(printer=printer.address)
        printers.ask_all(office.app.extensions["aufruf"])
        kiosk = office.kiosk()

        home = words_of(BeautifulSoup(kiosk.get(HOME).text, "html.parser"))
        drawn = page_of(kiosk, draw(kiosk, "meldewesen"))
        overview = words_of(visit(office.signed_in("Lea"), "/office"))

    stops = fault != "paper_low"
    assert ("Der Drucker ist gestört" in home) is stops
    assert ("Bitte merken oder fotografieren Sie" in words_of(drawn)) is stops
    assert (b"M 001" in printer.received) is not stops
    assert number_on(drawn) == "M 001"
    assert SEEN[fault] in overview


def test_the_office_and_the_desks_hear_of_the_printer(printing: Office, paper, visit):
    kiosk = printing.kiosk()
    draw(kiosk, "meldewesen")
    paper.unlink()
    paper.mkdir()
    draw(kiosk, "meldewesen")

    overview = words_of(visit(printing.signed_in("Lea"), "/office"))
    desk = words_of(visit(printing.signed_in("Aylin", "schalter-1"), "/desk"))

    assert "Eingang heute 1 Zettel, 1 nicht gedruckt nicht erreichbar" in overview
    assert "Drucker Eingang: nicht erreichbar. Bitte Strom und Kabel prüfen." in desk


def test_slips_are_counted_for_operators(printing: Office, paper):
    paper.mkdir()
    draw(printing.kiosk(), "meldewesen")

    told = printing.visitor().get("/metrics").text

    kiosk = 'kiosk="eingang"'
    assert f'aufruf_slips_total{{{kiosk},outcome="unreachable",site="rathaus"}}' in told
    condition = 'aufruf_printer_condition{condition="%s",' + kiosk + ',site="rathaus"} %s'
    assert condition % ("unreachable", "1.0") in told
    assert condition % ("ready", "0.0") in told


def test_a_printer_that_is_configured_no_longer_is_in_no_condition(printing: Office, paper):
    paper.mkdir()
    draw(printing.kiosk(), "meldewesen")
    context = printing.app.extensions["aufruf"]
    assert "aufruf_printer_condition{" in printing.visitor().get("/metrics").text

    without = [replace(site, kiosks=()) for site in context.settings.sites]
    context.settings = replace(context.settings, sites=tuple(without))

    assert "aufruf_printer_condition{" not in printing.visitor().get("/metrics").text


def test_paper_needs_a_ticket(printing: Office):
    assert printing.kiosk().post(f"{HOME}/tickets/unbekannt/slips").status_code == 404


def test_the_slip_speaks_the_language_of_whoever_gets_it(printing: Office, paper):
    kiosk = printing.kiosk()

    kiosk.post(f"{HOME}/tickets?lang=en", data={"services": ["meldewesen"]})

    slip = paper.read_bytes()
    assert b"Your number" in slip and b"Ihre Nummer" not in slip
