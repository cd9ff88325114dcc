"""A body that ends before its length was sent by somebody who has left: nothing is done by half."""

from __future__ import annotations

import io

import pytest
from werkzeug.test import TestResponse

from tests.api.problems import problem
from tests.office import PASSWORD, Office

FORM = f"username=Aylin&password={PASSWORD}".encode()
JSON = f'{{"username": "Aylin", "password": "{PASSWORD}"}}'.encode()
KINDS = [(FORM, "application/x-www-form-urlencoded"), (JSON, "application/json")]


class Reset(io.BytesIO):
    """A line that is cut after these bytes."""

    def read(self, size: int | None = -1) -> bytes:
        raise ConnectionResetError(104, "Connection reset by peer")


def signed_in_with(office: Office, body: io.BytesIO, kind: str, length: int) -> TestResponse:
    return office.visitor().post(
        "/login",
        input_stream=body,
        content_type=kind,
        headers={"Accept": "application/json"},
        # The server ends each body itself, as ours does.
        environ_overrides={"CONTENT_LENGTH": str(length), "wsgi.input_terminated": True},
    )


@pytest.mark.parametrize(("body", "kind"), KINDS)
def test_half_a_form_is_no_other_form(office: Office, body: bytes, kind: str) -> None:
    cut = signed_in_with(office, io.BytesIO(body), kind, len(body) + 1)
    whole = signed_in_with(office, io.BytesIO(body), kind, len(body))

    problem(cut, 400, "bad_request")
    assert "Set-Cookie" not in cut.headers and "Set-Cookie" in whole.headers


@pytest.mark.parametrize(("body", "kind"), KINDS)
def test_a_line_that_is_cut_is_no_fault_of_ours(
    office: Office, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    problem(signed_in_with(office, Reset(body), kind, len(body)), 400, "bad_request")
    assert not [each for each in caplog.records if each.levelname == "ERROR"]
