"""One person asks what is kept about them, and to be deleted."""

from __future__ import annotations

import re
from collections.abc import Callable

from bs4 import BeautifulSoup

from queue_server.actions import appointments, arrivals, ticket_holder
from queue_server.domain.appointment import Appointment
from queue_server.store import people, subscriptions, tickets
from tests.office import Office
from tests.pages.booked_days import rathaus
from tests.phone import Phone

Visit = Callable[..., BeautifulSoup]
NAME = "Zacharias Quellenhofer"
SECRETS = (NAME, "quellenhofer@example.org", "0176 5550123")


def booked(office: Office) -> Appointment:
    """Somebody who is here, with a phone that waits for the call."""
    found = appointments.book_by_clerk(
        office.store, rathaus(office), ("kfz",), office.clock() , name=NAME, email=SECRETS[1],
        phone=SECRETS[2], clerk=1, people_days=0, now=office.clock(),
    )  # fmt: skip
    arrival = arrivals.check_in(office.store, rathaus(office), found.code, now=office.clock())
    to = Phone().at("https://push.example/telefon")
    ticket_holder.subscribe(office.store, arrival.ticket.token, to)
    return found


def words_of(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


def test_the_lead_reads_and_takes_along_all_that_is_kept(office: Office, visit: Visit) -> None:
    one, lea = booked(office), office.signed_in("Lea")
    assert visit(lea, "/office").select_one("#personal-data-link")

    answer = lea.post("/office/appointments", data={"code": one.code.lower().replace("-", " ")})
    page = visit(lea, answer.location)

    assert one.code not in answer.location
    said = words_of(page)
    assert all(secret in said for secret in SECRETS) and one.code in said and "K 001" in said
    assert "1 wird benachrichtigt" in said and "nach dem Ende des Besuchs" in said
    file = lea.get(page.select_one("#take-along")["href"])
    assert "attachment" in file.headers["Content-Disposition"]
    told = file.json
    assert tuple(told["person"].values()) == SECRETS and told["deleted_at"] is None
    assert told["appointment"]["code"] == one.code and told["ticket"]["number"] == "K 001"
    assert [each["event"] for each in told["journal"]][:2] == [
        "AppointmentBooked",
        "AppointmentCheckedIn",
    ]


def test_at_their_wish_a_person_is_gone_at_once_and_the_journal_says_so_without_them(
    office: Office, visit: Visit
) -> None:
    one, lea = booked(office), office.signed_in("Lea")

    for _ in range(2):
        answer = lea.post(f"/office/appointments/{one.id}/deletion")
        said = words_of(visit(lea, answer.location))

    assert "sind gelöscht" in said and not any(secret in said for secret in SECRETS)
    with office.store.snapshot() as snapshot:
        assert not people.of(snapshot, one.id)
        assert subscriptions.count(snapshot) == 0
        assert tickets.of_appointment(snapshot, one.id).state == "waiting"
    folder = office.app.extensions["aufruf"].settings.database_path.parent
    for file in folder.iterdir():
        assert not any(secret.encode() in file.read_bytes() for secret in SECRETS)
    changes = words_of(visit(lea, "/office/changes"))
    assert changes.count(f"auf Wunsch (Termin {one.id})") == 1 and "Lea" in changes


def test_only_a_known_code_of_the_own_site_leads_anywhere(office: Office, visit: Visit) -> None:
    one, lea = booked(office), office.signed_in("Lea")

    for code in ("K7Q-M4T-XA9", "", "<b>"):
        answer = lea.post("/office/appointments", data={"code": code})
        assert answer.status_code == 422 and re.search(r"Termincode", answer.text)
    assert office.signed_in("Aylin").get(f"/office/appointments/{one.id}").status_code == 403
    assert office.signed_in("Clara").get(f"/office/appointments/{one.id}").status_code == 403
    assert lea.get("/office/appointments/999").status_code == 404
    assert lea.post("/office/appointments/999/deletion").status_code == 404


def test_the_desk_leads_there_whoever_leads_and_nobody_else(office: Office, visit: Visit) -> None:
    one = booked(office)
    link = f'a[href="/office/appointments/{one.id}"]'

    assert visit(office.signed_in("Lea"), f"/desk/appointments/{one.id}").select_one(link)
    assert not visit(office.signed_in("Aylin"), f"/desk/appointments/{one.id}").select_one(link)
