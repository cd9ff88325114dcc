"""Every refusal and every fault has a name, the same for whoever asks and in the log."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from queue_server.commands.logs import JsonLines, Lines
from queue_server.web.request_ids import HEADER, request_id
from tests.office import Office

NOWHERE = "/api/v1/sites/atlantis/board"
OF_PROXY = "0d9fa2b4-5a5e-4f6e-9d7a-8f0f4f9a3c11"


@pytest.fixture
def proxied(office: Office) -> Office:
    """The same office behind a proxy that it believes."""
    context = office.app.extensions["aufruf"]
    server = replace(context.settings.server, behind_proxy=True)
    context.settings = replace(context.settings, server=server)
    return office


def test_a_refusal_of_the_api_carries_its_name_and_each_has_another(office: Office) -> None:
    answers = [office.visitor().get(NOWHERE) for _ in range(2)]

    names = [answer.json["request_id"] for answer in answers if answer.json]
    assert names == [answer.headers[HEADER] for answer in answers]
    assert len(set(names)) == 2 and all(re.fullmatch("[0-9a-f]{16}", name) for name in names)


def test_a_page_of_a_refusal_shows_its_name(office: Office) -> None:
    answer = office.visitor().get("/nowhere", headers={"Accept": "text/html"})

    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.headers[HEADER] in [each.text for each in page.select("code")]


def test_what_goes_well_has_no_name(office: Office) -> None:
    assert HEADER not in office.visitor().get("/healthz").headers


def test_without_a_trusted_proxy_nobody_chooses_the_name(office: Office) -> None:
    answer = office.visitor().get(NOWHERE, headers={HEADER: OF_PROXY})

    assert answer.headers[HEADER] != OF_PROXY


def test_a_trusted_proxy_gives_the_name(proxied: Office) -> None:
    assert proxied.visitor().get(NOWHERE, headers={HEADER: OF_PROXY}).headers[HEADER] == OF_PROXY


@pytest.mark.parametrize(
    "given",
    ["", "short", "x" * 65, "erika@example.org", "a b c d e f", "12345678;drop", "äöüäöüäöü"],
)
def test_a_name_that_is_not_well_formed_is_made_anew(proxied: Office, given: str) -> None:
    answer = proxied.visitor().get(NOWHERE, headers={HEADER: given.encode().decode("latin-1")})

    assert re.fullmatch("[0-9a-f]{16}", answer.headers[HEADER])


@pytest.fixture
def lines(office: Office) -> Iterator[list[str]]:
    """What a fault writes, once for people and once for programs."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handlers = [Kept(), Kept()]
    handlers[0].setFormatter(Lines("%(levelname)s %(name)s %(message)s"))
    handlers[1].setFormatter(JsonLines())
    for handler in handlers:
        logging.getLogger("queue_server.web.errors").addHandler(handler)
    yield written
    for handler in handlers:
        logging.getLogger("queue_server.web.errors").removeHandler(handler)


def test_a_fault_stands_in_the_log_under_the_name_that_was_shown(
    office: Office, lines: list[str]
) -> None:
    with office.store.transaction() as tx:
        tx.write("ALTER TABLE tickets RENAME TO lost", {})

    answer = office.visitor().get("/t/secret-token", headers={"Accept": "text/html"})

    name = answer.headers[HEADER]
    assert answer.status_code == 500 and name in answer.text
    text, said = lines[0], json.loads(lines[1])
    assert text.splitlines()[0].endswith(f"request={name}") and "Traceback" in text
    assert (said["level"], said["logger"], said["request_id"]) == (
        *("ERROR", "queue_server.web.errors"), name
    )  # fmt: skip
    assert said["at"].endswith("+00:00") and "no such table" in said["trace"]
    assert "secret-token" not in "".join(lines)


def test_outside_of_a_request_a_line_has_no_name() -> None:
    record = logging.LogRecord("any", logging.INFO, "file.py", 1, "said %s", ("ä",), None)

    assert request_id() == ""
    assert Lines("%(message)s").format(record) == "said ä"
    assert json.loads(JsonLines().format(record)) == {
        "at": json.loads(JsonLines().format(record))["at"],
        "level": "INFO", "logger": "any", "message": "said ä",
    }  # fmt: skip


def test_every_line_of_a_log_for_programs_is_one_object() -> None:
    program = """
import logging
from gunicorn.config import Config
from queue_server.commands import logs
logs.install("json")
log = logging.getLogger("any")
log.warning("two\\nlines")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("a fault")
logs.WorkerLog(Config()).error("of the worker")
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stderr

    first, second, third = (json.loads(line) for line in said.splitlines())
    assert first["message"] == "two\nlines" and "ZeroDivisionError" in second["trace"]
    assert (third["logger"], third["message"]) == ("gunicorn.error", "of the worker")
