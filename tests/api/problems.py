"""What every problem document must be (RFC 9457, and our own promises)."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

WORDS = {"status": int, "title": str, "detail": str, "code": str, "request_id": str}
MORE = {"errors", "why", "next_slot", "reason"}


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document of this answer, after looking at it closely."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = answer.json
    assert {name: type(body[name]) for name in WORDS} == WORDS
    assert body.keys() - WORDS.keys() <= MORE
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == answer.headers["X-Request-Id"] != ""
    assert body["title"] and body["detail"].endswith((".", "!"))
    assert "Traceback" not in answer.text
    return body


def wrong_fields(answer: TestResponse) -> dict[str, str]:
    """Name → code of each wrong field of a refused body."""
    errors = problem(answer, 422, "bad_request")["errors"]
    assert all(error.keys() == {"field", "code", "detail"} for error in errors)
    assert all(error["detail"].endswith(".") for error in errors), errors
    return {error["field"]: error["code"] for error in errors}
