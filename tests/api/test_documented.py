"""The example of docs/api.md that every client meets sooner or later is what really is answered."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask.testing import FlaskClient

API_PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def test_a_field_that_the_body_does_not_know_is_answered_as_the_documentation_says(
    quiet_kiosk: FlaskClient,
) -> None:
    example = API_PAGE.partition("is refused by name**")[2]
    body, told = re.findall(r"--json '(.+?)'|```json\n(.+?)```", example, re.DOTALL)[:2]

    answer = quiet_kiosk.post("/api/v1/sites/rathaus/tickets", json=json.loads(body[0]))

    assert {**answer.json, "request_id": ""} == {**json.loads(told[1]), "request_id": ""}
    assert json.loads(told[1]).keys() == answer.json.keys()
    assert answer.status_code == 422
