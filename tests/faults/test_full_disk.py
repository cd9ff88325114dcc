"""A disk that takes nothing more, with the log on it: everybody is answered, and work goes on."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from queue_server.domain.events import TicketIssued
from tests.faults.disks import no_room_for_files, workers_of
from tests.office import Office, Server

TICKETS = "/api/v1/sites/rathaus/tickets"
KFZ = {"services": ["kfz"]}
AT_ONCE = 12
FULL = Path("/dev/full")


def draw_at_once(clerk: httpx.Client, many: int) -> list[httpx.Response]:
    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(lambda _: clerk.post(TICKETS, json=KFZ), range(many)))


def test_writers_are_refused_readers_served_and_then_work_goes_on(server: Server) -> None:
    server.start(errors=FULL)
    clerk, anybody = server.clerk("Lea"), server.client()
    kept = [clerk.post(TICKETS, json=KFZ).json()["id"]]

    with no_room_for_files((server.pid, *workers_of(server.pid))):
        for _ in range(3):
            refused = draw_at_once(clerk, AT_ONCE)
            assert {answer.status_code for answer in refused} == {503}
        looks = ("/readyz", "/healthz", "/api/v1/sites/rathaus/board", "/api/v1/sites")
        assert [anybody.get(path).status_code for path in looks] == [503, 200, 200, 200]
        assert clerk.get("/api/v1/sites/rathaus/queue").status_code == 200

    kept += [answer.json()["id"] for answer in draw_at_once(clerk, AT_ONCE)]
    assert anybody.get("/readyz").status_code == 200
    waiting = clerk.get("/api/v1/sites/rathaus/queue").json()["waiting"]
    assert sorted(ticket["id"] for ticket in waiting) == sorted(kept)


def test_readiness_comes_back_by_itself_though_nobody_writes(server: Server) -> None:
    server.start(errors=FULL)
    clerk = server.clerk("Lea")

    with no_room_for_files(workers_of(server.pid)):
        assert clerk.post(TICKETS, json=KFZ).status_code == 503
        assert server.client().get("/readyz").status_code == 503

    assert server.client().get("/readyz").status_code == 200


def test_a_refusal_says_what_to_do_in_a_problem_document(office: Office) -> None:
    clerk = office.signed_in("Lea")

    with no_room_for_files():
        answer = clerk.post(TICKETS, json=KFZ)

    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "storage_failed"
    assert "Zurzeit kann nichts gespeichert werden" in answer.json["detail"]


def test_a_page_says_it_in_german_and_keeps_what_was_filled_in(office: Office) -> None:
    clerk = office.signed_in("Aylin", "schalter-1")

    with no_room_for_files():
        page = clerk.post("/desk/tickets", data={"services": "kfz", "persons": "1"})

    assert "Zurzeit kann nichts gespeichert werden" in page.text


def test_no_room_in_the_database_is_named_as_such(office: Office) -> None:
    clerk, raw = office.signed_in("Lea"), office.store._engine._raw
    raw.execute(f"PRAGMA max_page_count = {raw.execute('PRAGMA page_count').fetchone()[0]}")

    answers = [clerk.post(TICKETS, json=KFZ) for _ in range(40)]
    codes = {answer.json.get("code") for answer in answers if answer.status_code != 201}

    assert codes == {"storage_full"}
    raw.execute("PRAGMA max_page_count = 1000000")
    assert clerk.post(TICKETS, json=KFZ).status_code == 201


def test_what_fails_is_logged_once_and_so_is_its_end(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    clerk = office.signed_in("Lea")

    with no_room_for_files():
        for _ in range(3):
            clerk.post(TICKETS, json=KFZ)
    clerk.post(TICKETS, json=KFZ)

    said = [record.message for record in caplog.records if record.name.endswith("store.database")]
    assert said == ["nothing can be written: disk I/O error", "writing goes on"]


def test_a_committed_ticket_is_answered_though_what_was_told_can_not_be_kept(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    clerk = office.signed_in("Aylin", "schalter-1")
    with ExitStack() as disk, caplog.at_level(logging.ERROR):
        # The disk fills up just after the ticket is committed.
        office.store.listen(
            lambda events: (
                disk.enter_context(no_room_for_files())
                if any(isinstance(event, TicketIssued) for event in events)
                else None
            ),
            first=True,
        )

        answer = clerk.post(TICKETS, json=KFZ)

    assert (answer.status_code, answer.json["number"]) == (201, "K 001")
    assert answer.json["high_minutes"] >= 0, "the range is told all the same"
    assert (
        "told but not kept: tickets=1 StorageFailed" in caplog.text
        and "Traceback" not in caplog.text
    )


def test_a_kiosk_and_a_booking_page_say_it_and_lose_nothing_of_the_choice(office: Office) -> None:
    kiosk, citizen = office.kiosk(), office.visitor()

    with no_room_for_files():
        drawn = kiosk.post("/kiosk/eingang/tickets", data={"services": "kfz", "persons": "1"})
        looked = [kiosk.get("/kiosk/eingang"), citizen.get("/"), citizen.get("/display/wand")]

    assert drawn.status_code == 503
    assert "Zurzeit kann nichts gespeichert werden" in drawn.text
    assert [page.status_code for page in looked] == [200, 200, 200]
