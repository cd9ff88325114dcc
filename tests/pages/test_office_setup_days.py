"""Special days of config.toml are changed and removed there; who falls out is told before."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.office import Office
from tests.pages.setup_forms import (
    Visit,
    book_erika,
    change,
    filled,
    save,
    send,
    settings,
    words_of,
)

NEW = "/office/setup/special-days/_new"
TUESDAY = "/office/setup/special-days/2026-06-09"


def days(office: Office) -> list[tuple[str, str]]:
    return [(f"{each.day}", each.notice) for each in settings(office).site("rathaus").special_days]


def test_a_day_comes_into_the_file_and_goes_again_without_a_trace(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    before, known = settings(office).text, days(office)
    look = change(lea, visit, NEW, day="2026-06-09", hours="08:00–10:00", notice="Betriebsausflug")
    save(lea, NEW, look)
    assert days(office) == [*known, ("2026-06-09", "Betriebsausflug")]
    shown = visit(lea, "/office/days")
    assert shown.select_one(f"a[href='{TUESDAY}']") is not None
    assert "Betriebsausflug" in words_of(shown)

    base = filled(visit(lea, TUESDAY))["base"]
    look = send(lea, TUESDAY, {"base": base, "remove": "1", "step": "check"})
    save(lea, TUESDAY, look)

    assert settings(office).text == before


def test_whose_appointment_falls_out_is_shown_before_and_cancelled_when_meant(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    token = book_erika(lea)
    save(lea, NEW, change(lea, visit, NEW, day="2026-06-09", hours="08:00–18:00"))

    look = change(lea, visit, TUESDAY, hours="", notice="Betriebsausflug")

    assert "1 Termin fällt aus" in words_of(look) and "Erika Muster" in words_of(look)
    assert "bestätigen" in words_of(save(lea, TUESDAY, look, 422))
    answer = lea.post(TUESDAY, data={**filled(look), "sure": "1", "step": "save"})
    assert answer.status_code == 303
    assert "1 Termin wurde abgesagt" in words_of(visit(lea, answer.headers["Location"]))
    assert lea.get(f"/api/v1/appointments/{token}").json["state"] == "cancelled"


def test_a_day_that_is_decided_otherwise_loses_nobody_by_what_the_file_says(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    save(lea, NEW, change(lea, visit, NEW, day="2026-06-09", hours="08:00–18:00"))
    book_erika(lea)
    decided = {"day": "2026-06-09", "open": "other", "from-1": "09:00", "to-1": "12:00"}
    assert lea.post("/office/days", data=decided).status_code == 303

    look = change(lea, visit, TUESDAY, hours="")

    assert "Kein Termin fällt aus" in words_of(look)


def test_two_entries_for_one_day_are_refused_with_line_and_reason(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    save(lea, NEW, change(lea, visit, NEW, day="2026-06-09"))
    before = settings(office).text

    page = change(lea, visit, NEW, status=422, day="2026-06-09")

    assert "Für den Tag 2026-06-09 gibt es schon einen Eintrag" in words_of(page)
    assert "(config.toml, Zeile" in words_of(page)
    assert settings(office).text == before
