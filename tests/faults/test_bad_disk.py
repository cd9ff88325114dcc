"""A disk of its own that is full, locked or gone: said in words, and well again when it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.disks import Disk
from tests.faults.reporting import Report
from tests.office import Server

TICKETS, QUEUE = "/api/v1/sites/rathaus/tickets", "/api/v1/sites/rathaus/queue"
KFZ = {"services": ["kfz"]}
TRIES = 5


def log_of(server: Server) -> str:
    return "".join(path.read_text() for path in sorted(server.folder.glob("server-*.log")))


@pytest.mark.parametrize("trouble", ["full", "locked"])
def test_nothing_is_written_everything_read_and_then_work_goes_on(
    server_on_disk: Server, disk: Disk, trouble: str, report: Report
) -> None:
    server = server_on_disk.start()
    clerk, kept = server.clerk("Lea"), [server.draw("kfz")["id"]]

    disk.order(trouble)
    refused = [clerk.post(TICKETS, json=KFZ) for _ in range(TRIES)]
    looked = [clerk.get(path).status_code for path in (QUEUE, "/readyz", "/healthz")]
    disk.order("well")
    kept.append(server.draw("kfz")["id"])

    assert {(answer.status_code, answer.json()["code"]) for answer in refused} <= {
        (503, "storage_full"),
        (503, "storage_failed"),
    }
    assert looked == [200, 503, 200]
    assert server.client().get("/readyz").status_code == 200
    waiting = clerk.get(QUEUE).json()["waiting"]
    assert [ticket["id"] for ticket in waiting] == kept
    assert "Traceback" not in log_of(server)
    report.saw(TRIES, f"{TRIES} of {TRIES} refused with 503, pages read on, then numbers again.")


def test_a_disk_that_is_gone_is_said_by_readers_and_writers_and_nobody_says_otherwise(
    server_on_disk: Server, disk: Disk, report: Report
) -> None:
    server = server_on_disk.start()
    clerk, kept = server.clerk("Lea"), [server.draw("kfz")["id"]]

    disk.lose_power("lose")
    asked = [clerk.post(TICKETS, json=KFZ) for _ in range(TRIES)]
    asked += [clerk.get(QUEUE) for _ in range(TRIES)]
    ready = [server.client().get("/readyz").status_code for _ in range(TRIES)]

    assert {(answer.status_code, answer.json()["code"]) for answer in asked} == {
        (503, "storage_failed")
    }
    assert ready == [503] * TRIES
    log = log_of(server)
    assert "Traceback" not in log and "writing goes on" not in log
    server.kill()
    disk.give_power()
    server.start()
    kept.append(server.draw("kfz")["id"])
    assert [ticket["id"] for ticket in server.clerk("Lea").get(QUEUE).json()["waiting"]] == kept
    report.saw(2 * TRIES, "Every answer 503, not ready; nothing lost when the disk was back.")


def test_a_server_does_not_start_on_a_locked_disk_and_says_so(
    server_on_disk: Server, disk: Disk
) -> None:
    disk.order("locked")

    with pytest.raises(AssertionError) as ended:
        server_on_disk.start()

    assert str(Path("var") / "aufruf.db") in str(ended.value)
    assert "Traceback" not in str(ended.value)
