"""Which addresses are in the own network, what of a webhook is shown, how a message is signed."""

from __future__ import annotations

import pytest

from queue_server.domain.webhook import TOLD_AS, TOLD_EVENTS, Webhook, is_inside, signature

URL = "https://dms.example.de/aufruf?token=geheimer-pfad"


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "dms", "dms.intern", "DMS.Stadt.Local.", "127.0.0.1", "10.1.2.3"),
        *("192.168.0.9", "172.31.0.1", "::1", "fd00::1", "[fd00::1]", "::ffff:10.0.0.1"),
    ],
)
def test_these_belong_to_the_house(host: str) -> None:
    assert is_inside(host)


@pytest.mark.parametrize(
    "host",
    [
        *("example.de", "intern.example.de", "8.8.8.8", "2a00::1", "0.0.0.0"),
        *("169.254.169.254", "fe80::1", "::ffff:8.8.8.8", "172.32.0.1"),
    ],
)
def test_these_are_the_world_or_nobody(host: str) -> None:
    assert not is_inside(host)


def test_a_webhook_shows_neither_its_address_nor_its_secret() -> None:
    hook = Webhook(URL, "sehr-geheim")

    assert (hook.label, Webhook(URL, "x", name="Akte").label) == ("dms.example.de", "Akte")
    for shown in (repr(hook), hook.label, hook.key):
        assert "geheim" not in shown
    assert hook.key == Webhook(URL, "another secret").key != Webhook(URL + "2", "x").key


def test_the_signature_is_the_one_that_openssl_computes() -> None:
    # printf '1780898400.{"id":"1"}' | openssl dgst -sha256 -hmac geheim
    assert signature("geheim", 1780898400, b'{"id":"1"}') == (
        "t=1780898400,v1=153c568568a6073efc3c4ac780ca2694911cedcfb96c3d97bcbf8f1ba0a2917e"
    )


def test_every_event_of_the_contract_is_told() -> None:
    assert (
        set(TOLD_AS.values())
        == set(TOLD_EVENTS)
        == {
            *("TicketIssued", "TicketCalled", "VisitFinished"),
            *("AppointmentConfirmed", "AppointmentCancelled"),
        }
    )
