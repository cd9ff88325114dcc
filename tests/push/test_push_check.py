"""`aufruf check` says whether phones would be told."""

from __future__ import annotations

from dataclasses import replace

from queue_server.push import check
from queue_server.settings import Push
from tests.phone import CONTACT, PushService, nobody_listens
from tests.push.conftest import Pushes


def test_a_service_that_can_be_reached_is_no_fault_and_one_that_is_not_there_is_named(
    pushes: Pushes, service: PushService
) -> None:
    away = nobody_listens()

    found = list(check.faults(pushes.settings, {service.url(): "here", away: "away"}))

    assert len(found) == 1
    assert found[0].startswith(f"{away} (away) can't be reached (ConnectionRefusedError)")


def test_what_browsers_and_service_want_is_said_only_while_push_is_on(pushes: Pushes) -> None:
    server = replace(pushes.settings.server, public_url="http://termine.example")
    plain = replace(pushes.settings, server=server)

    for_tests, off = list(check.notes(plain)), replace(plain, push=Push())
    assert "https pages only" in for_tests[0] and "local_endpoints" in for_tests[1]
    assert list(check.notes(off)) == []
    server = replace(server, public_url="https://termine.example")
    in_service = replace(plain, server=server, push=Push(True, CONTACT))
    assert list(check.notes(in_service)) == []
