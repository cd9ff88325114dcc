"""A morning in the office of the API and page tests: two people of each kind, one counter."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.api.endpoints import API
from tests.office import Office

MONDAY = "2026-06-08"


def play_morning(office: Office) -> FlaskClient:
    """Five draw numbers at eight, one comes with an appointment at a quarter past; each is served
    for ten minutes. It is Tuesday then, and the lead is signed in."""
    aylin = office.signed_in("Aylin", "schalter-1")
    book = {"services": ["meldewesen"], "start": f"{MONDAY}T08:15:00+02:00", "name": "Erika M."}
    booked = aylin.post(f"{API}/sites/rathaus/appointments", json=book)
    assert booked.status_code == 201, booked.text
    for _ in range(5):
        drawn = aylin.post(f"{API}/sites/rathaus/tickets", json={"services": ["meldewesen"]})
        assert drawn.status_code == 201, drawn.text
    came = aylin.post(f"{API}/sites/rathaus/check-ins", json={"code": booked.json["code"]})
    assert came.status_code in (200, 201), came.text
    for _ in range(6):
        for minutes, verb in ((1, "calls"), (1, "arrival"), (9, "completion")):
            office.clock.pass_time(minutes=minutes)
            answer = aylin.post(f"{API}/counters/schalter-1/{verb}", json={})
            assert answer.status_code == 200, answer.text
    assert aylin.delete(f"{API}/counters/schalter-1/session").status_code == 204
    office.clock.pass_time(days=1)
    return office.signed_in("Lea")
