"""A push service that hangs, drips, lies or is not there costs a few seconds, and no trust."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from queue_server.push import sending
from queue_server.push.endpoint import endpoint_of
from queue_server.push.sending import Outcome, PushFailed, PushMessage, send
from tests.phone import CERTIFICATE, Phone, PushService, nobody_listens

MESSAGE = PushMessage(b'{"title": "M 001"}', 60)
PATIENCE_SECONDS = 0.6


def sent(url: str, phone: Phone, *, is_local_allowed: bool = True, seconds: float = 10) -> None:
    endpoint = endpoint_of(url, is_local_allowed=True)
    send(
        endpoint, phone.at(url), MESSAGE, {"Authorization": "vapid t=a,k=b"},
        is_local_allowed=is_local_allowed, timeout_seconds=seconds,
    )  # fmt: skip


@pytest.mark.parametrize("trouble", ["hangs", "drips"])
@pytest.mark.parametrize("is_secret", [False, True], ids=["http", "https"])
def test_a_service_that_never_ends_its_answer_is_cut_off(
    trouble: str, is_secret: bool, trusted: None
) -> None:
    with PushService(is_secret=is_secret) as service:
        setattr(service, trouble, True)
        began = time.monotonic()
        with pytest.raises(PushFailed) as failed:
            sent(service.url(), Phone(), seconds=PATIENCE_SECONDS)

        assert failed.value.outcome is Outcome.LATER
        assert time.monotonic() - began < 20 * PATIENCE_SECONDS
        assert service.hangs or service.drips


def test_a_certificate_that_nobody_vouches_for_is_not_talked_to() -> None:
    with PushService(is_secret=True) as service:
        with pytest.raises(PushFailed) as failed:
            sent(service.url(), Phone())

        assert str(failed.value) == "SSLCertVerificationError" and service.delivered == []


def test_over_tls_the_name_is_asked_for_and_the_message_arrives(trusted: None) -> None:
    phone = Phone()
    with PushService(is_secret=True) as service:
        sent(service.url(), phone)

        [message] = service.delivered
        assert message.headers["Host"].startswith("localhost:")
        assert phone.read(message.sealed) == {"title": "M 001"}


def test_without_leave_no_message_leaves_for_this_machine() -> None:
    with PushService() as service:
        with pytest.raises(PushFailed) as failed:
            sent(service.url(), Phone(), is_local_allowed=False)

        assert (failed.value.outcome, service.delivered) == (Outcome.NEVER, [])


def test_a_service_that_is_not_there_is_asked_again_later() -> None:
    with pytest.raises(PushFailed) as failed:
        sent(nobody_listens(), Phone())

    assert failed.value.outcome is Outcome.LATER


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The certificate of the tests is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    sending._trusting.cache_clear()
    yield
    sending._trusting.cache_clear()
