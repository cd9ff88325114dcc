"""A mail server that says a byte now and then and never ends its line stops no letters for ever."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest

from queue_server.mail.smtp import MailServer, SmtpCarrier
from queue_server.mail.trouble import ServerTrouble
from tests.mailbox import SENDER

PATIENCE_SECONDS = 1.0


@pytest.mark.parametrize("is_wrapped", [False, True], ids=["smtp", "smtps"])
def test_a_letter_is_given_back_when_an_answer_never_ends(dripping: int, is_wrapped: bool) -> None:
    server = MailServer(
        "127.0.0.1", dripping, is_wrapped=is_wrapped, is_near=True,
        timeout_seconds=PATIENCE_SECONDS,
    )  # fmt: skip
    carrier, began = SmtpCarrier(server), time.monotonic()

    with pytest.raises(ServerTrouble) as trouble:
        carrier.carry("1", SENDER, "a@b.example", EmailMessage())

    assert time.monotonic() - began < 20 * PATIENCE_SECONDS
    assert trouble.value.code in ("timeout", "tls")
