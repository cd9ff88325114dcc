"""The office's page of the calling rule: what each one does, deciding, giving back, history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.actions import rules as verbs
from queue_server.domain.site import PriorityRules
from queue_server.store.decisions import rules_in_force
from tests.office import Office
from tests.pages.booked_days import rathaus
from tests.pages.conftest import inspect_page

Visit = Callable[..., BeautifulSoup]
NUMBERS = {
    "busy_from_minutes": "10", "guard_after_minutes": "45", "guard_every": "3", "ratio": "3",
}  # fmt: skip


def words(page: BeautifulSoup, selector: str = "main") -> str:
    found = page.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ", strip=True).split())


def sent(client: FlaskClient, **fields: Any) -> BeautifulSoup:
    answer = client.post("/office/rules", data={**NUMBERS, **fields}, follow_redirects=True)
    page = BeautifulSoup(answer.text, "html.parser")
    inspect_page(page)
    return page


def in_force(office: Office) -> PriorityRules:
    with office.store.snapshot() as snapshot:
        return rules_in_force(snapshot, rathaus(office))


def test_all_four_rules_are_explained_and_the_one_in_force_is_chosen(
    office: Office, visit: Visit
) -> None:
    page = visit(office.signed_in("Lea"), "/office/rules")

    assert [radio["value"] for radio in page.select("input[name=rule]")] == [
        "due_first", "strict", "arrival", "accumulating",
    ]  # fmt: skip
    [chosen] = page.select("input[name=rule][checked]")
    assert chosen["value"] == "due_first"
    assert "wie in config.toml" in words(page)
    assert "30 Minuten ohne Termin wiegen wie 10 Minuten mit Termin." in words(page)
    assert "Keine Regel heilt Überlastung" in words(page)
    assert "92 % · 85 %" in words(page, ".rules__effects")
    assert page.select_one("a[href='/office/what-if']")


def test_a_decision_counts_from_the_next_call_and_is_confirmed(office: Office) -> None:
    page = sent(office.signed_in("Lea"), rule="due_first", guard_every="4", busy_from_minutes="0")

    assert in_force(office) == PriorityRules(busy_from_minutes=0, guard_every=4)
    confirmed = words(page, "[role=status] .notice")
    assert "Ab dem nächsten Aufruf gilt: Fällige Termine zuerst" in confirmed
    assert "gilt jeder vierte Aufruf der Reihe ohne Termin." in confirmed
    assert "von der Leitung entschieden" in words(page)


def test_the_same_once_more_changes_nothing_and_says_so(office: Office) -> None:
    lea = office.signed_in("Lea")
    sent(lea, rule="strict")

    page = sent(lea, rule="strict")

    assert "Nichts hat sich geändert." in words(page, "[role=status] .notice")
    assert len(page.select(".rules__history li")) == 1


def test_a_german_comma_is_understood(office: Office, visit: Visit) -> None:
    lea = office.signed_in("Lea")

    sent(lea, rule="accumulating", ratio="1,5")

    assert in_force(office).ratio == 1.5
    page = visit(lea, "/office/rules")
    assert page.select_one("#ratio")["value"] == "1,5"
    assert "30 Minuten ohne Termin wiegen wie 20 Minuten mit Termin." in words(page)


def test_wrong_numbers_are_shown_beside_their_fields(office: Office) -> None:
    wrong = {"guard_every": "1", "busy_from_minutes": "bald"}

    page = sent(office.signed_in("Lea"), rule="due_first", **wrong)

    assert page.title.get_text().startswith("Fehler: Aufrufregel")
    told = "Bitte geben Sie eine ganze Zahl von {} an."
    assert words(page, "#guard_every-error") == told.format("2 bis 100")
    assert words(page, "#busy_from_minutes-error") == told.format("0 bis 480")
    assert page.select_one("#busy_from_minutes")["value"] == "bald"
    assert page.select_one(".error-summary a[href='#busy_from_minutes']")
    assert in_force(office) == PriorityRules()


def test_numbers_that_the_rule_does_not_use_do_not_matter(office: Office) -> None:
    sent(office.signed_in("Lea"), rule="strict", guard_every="x", ratio="", busy_from_minutes="999")

    assert in_force(office) == PriorityRules(rule="strict")


def test_without_a_rule_nothing_happens(office: Office) -> None:
    page = sent(office.signed_in("Lea"), rule="nonsense")

    assert "Bitte wählen Sie eine Regel." in words(page, ".error-summary")


def test_the_office_goes_back_to_config_toml_and_the_history_knows_everything(
    office: Office,
) -> None:
    verbs.note(office.store, rathaus(office), now=office.clock())
    lea = office.signed_in("Lea")
    office.clock.pass_time(minutes=5)
    sent(lea, rule="arrival")
    office.clock.pass_time(minutes=5)

    answer = lea.post("/office/rules/removal", follow_redirects=True)
    page = BeautifulSoup(answer.text, "html.parser")

    assert "Es gilt wieder, was in config.toml steht" in words(page, "[role=status] .notice")
    history = [" ".join(li.p.get_text().split()) for li in page.select(".rules__history li")]
    assert history == [
        "08:10 Uhr · Lea: wieder wie in config.toml",
        "08:05 Uhr · Lea",
        "08:00 Uhr · config.toml, beim Start",
    ]
    assert in_force(office) == PriorityRules()


def test_only_those_who_lead_see_and_decide(office: Office, visit: Visit) -> None:
    aylin = office.signed_in("Aylin")

    visit(aylin, "/office/rules", status=403)
    assert aylin.post("/office/rules", data={"rule": "strict"}).status_code == 403
    assert aylin.post("/office/rules/removal").status_code == 403
    assert office.visitor().post("/office/rules", data={"rule": "strict"}).status_code == 303
    assert in_force(office) == PriorityRules()
