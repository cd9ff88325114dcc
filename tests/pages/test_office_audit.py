"""The nightly look back, and its page for the head of office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from queue_server.domain.audit import Audit, Violation
from queue_server.domain.call_checks import Finding
from queue_server.history.audit import audit_nights
from queue_server.store import marks
from queue_server.web.findings import FINDINGS
from tests.office import Office
from tests.town import moment

Visit = Callable[..., BeautifulSoup]
# The clock of the tests stands on Monday, 8 June 2026, 08:00.
SUNDAY = date(2026, 6, 7)
ONE_DAY = timedelta(days=1)


def look_back(office: Office) -> int:
    site = office.app.extensions["aufruf"].settings.site("rathaus")
    return audit_nights(office.store, site, now=office.clock())


def kept(office: Office) -> list[marks.Night]:
    with office.store.snapshot() as snapshot:
        return marks.kept_nights(snapshot, "rathaus")


def keep(office: Office, day: date, found: Audit) -> None:
    with office.store.transaction() as tx:
        marks.keep_night(tx, "rathaus", day, found)


def fault(why: Finding = "overtaken", **more: str) -> Violation:
    at = moment(SUNDAY, "10:14")
    told = {"counter": "schalter-1", "number": "A 012", "expected": "A 009", **more}
    return Violation(seq=4711, at=at, why=why, reason="arrival", **told)


def a_call(office: Office) -> None:
    aylin = office.signed_in("Aylin", "schalter-1")
    drawn = aylin.post("/api/v1/sites/rathaus/tickets", json={"services": ["kfz"]})
    called = aylin.post("/api/v1/counters/schalter-1/calls", json={})
    assert (drawn.status_code, called.status_code) == (201, 200), called.text


def words_of(page: BeautifulSoup) -> str:
    return " ".join(page.main.get_text(" ").split())


# -- the night -------------------------------------------------------------------------------------


def test_a_day_is_audited_after_midnight_once_and_also_after_a_restart(office: Office) -> None:
    a_call(office)
    office.clock.pass_time(days=1)

    assert [look_back(office), look_back(office)] == [1, 0]
    [night] = kept(office)
    assert (night.day, night.audit.calls, night.faults) == (SUNDAY + ONE_DAY, 1, 0)


def test_days_on_which_the_house_was_off_are_caught_up_with(office: Office) -> None:
    look_back(office)
    office.clock.pass_time(days=3)

    assert look_back(office) == 3
    days = [night.day for night in kept(office)]
    assert days == [SUNDAY + n * ONE_DAY for n in (3, 2, 1, 0)]


def test_only_some_weeks_are_kept_and_only_the_first_faults(office: Office) -> None:
    faults = (fault(),) * (marks.VIOLATIONS_KEPT + 5)
    for n in range(marks.NIGHTS_KEPT + 3):
        keep(office, SUNDAY + n * ONE_DAY, Audit(violations=faults))

    found = kept(office)

    assert len(found) == marks.NIGHTS_KEPT
    assert found[0].day == SUNDAY + (marks.NIGHTS_KEPT + 2) * ONE_DAY
    assert found[0].faults == len(faults)
    assert found[0].audit.violations == faults[: marks.VIOLATIONS_KEPT]


def test_the_metric_says_how_many_faults_the_last_day_had(office: Office) -> None:
    keep(office, SUNDAY, Audit(calls=9, violations=(fault(), fault())))

    told = office.visitor().get("/metrics").text

    assert 'aufruf_audit_violations{site="rathaus"} 2.0' in told


# -- the page --------------------------------------------------------------------------------------


def test_before_the_first_night_the_page_says_when_there_will_be_something(
    office: Office, visit: Visit
) -> None:
    page = visit(office.signed_in("Lea"), "/office/audit")

    assert "Noch keine Nacht geprüft" in words_of(page)


def test_a_clean_night_is_one_line(office: Office, visit: Visit) -> None:
    keep(office, SUNDAY, Audit(days=1, calls=212, chosen=14, released=2, idle_minutes=3.5))

    said = words_of(visit(office.signed_in("Lea"), "/office/audit"))

    assert "So 07.06. 0 Abweichungen in 212 Aufrufen 14 2 3,5 min" in said


def test_every_fault_is_told_in_words(office: Office, visit: Visit) -> None:
    keep(office, SUNDAY, Audit(days=1, calls=1, unsure=2, violations=(fault(),)))

    said = words_of(visit(office.signed_in("Lea"), "/office/audit"))

    assert "1 Abweichung in 1 Aufruf" in said
    assert "10:14:00 A 012 Schalter 1 A 009 stand in derselben Reihe weiter vorn. 4711" in said
    assert "2 alte Aufrufe sind nicht zu beurteilen" in said


def test_a_night_with_too_many_faults_names_the_command_that_lists_them_all(
    office: Office, visit: Visit
) -> None:
    keep(office, SUNDAY, Audit(calls=60, violations=(fault(),) * 60))

    said = words_of(visit(office.signed_in("Lea"), "/office/audit"))

    assert "ersten 50" in said and "aufruf audit --from 2026-06-07 --to 2026-06-07" in said


def test_every_kind_of_fault_has_its_sentence() -> None:
    assert set(FINDINGS) == set(Finding.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("found", "badge", "sentence"),
    [
        (None, "noch keine", "kurz nach Mitternacht"),
        (Audit(calls=3), "nach der Regel", "0 Abweichungen in 3 Aufrufen"),
        (Audit(), "nach der Regel", "Keine Aufrufe an diesem Tag"),
        (Audit(calls=3, violations=(fault(),)), "Abweichungen", "1 Abweichung in 3 Aufrufen"),
    ],
)
def test_the_overview_says_it_in_one_line(
    office: Office, visit: Visit, found: Audit | None, badge: str, sentence: str
) -> None:
    if found is not None:
        keep(office, SUNDAY, found)

    page = visit(office.signed_in("Lea"), "/office")

    panel = page.select_one("[aria-labelledby=audit-title]")
    assert panel is not None and panel.select_one("a[href='/office/audit']") is not None
    assert badge in panel.get_text() and sentence in " ".join(panel.get_text(" ").split())


def test_the_page_is_for_those_who_lead(office: Office, visit: Visit) -> None:
    visit(office.signed_in("Aylin"), "/office/audit", status=403)

    assert office.visitor().get("/office/audit").location == "/login?next=/office"
