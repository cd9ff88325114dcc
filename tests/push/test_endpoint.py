"""Where messages may go: nobody makes this server call addresses of its own network."""

from __future__ import annotations

import pytest

from queue_server.domain.errors import BadRequest
from queue_server.push.endpoint import (
    NoPublicAddress,
    PushEndpoint,
    addresses,
    endpoint_of,
    is_public,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QJ",
        "https://db5p.notify.windows.com/w/?token=Bw%3d%3d",
    ],
)
def test_push_services_of_the_browsers_are_taken(url: str) -> None:
    found = endpoint_of(url)

    assert found.scheme + "://" + found.host + found.target == url
    assert found.origin == f"https://{found.host}"


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/a",
        "ftp://push.example/a",
        "file:///etc/passwd",
        "//push.example/a",
        "https://",
        "https:///a",
        "https://push.example:8443/a",
        "https://push.example:0/a",
        "https://push.example:99999/a",
        "https://user:secret@push.example/a",
        "https://push.example/a#b",
        "https://push.example\\@127.0.0.1/a",
        "https://push.example/a b",
        "https://push.example/a\r\nHost: 127.0.0.1",
        "https://pu\u0455h.example/a",
        "https://127.0.0.1/a",
        "https://127.1/a",
        "https://2130706433/a",
        "https://0x7f000001/a",
        "https://0x7f.0.0.0x1/a",
        "https://[::1]/a",
        "https://[::ffff:10.0.0.1]/a",
        "https://8.8.8.8/a",
        "https://localhost/a",
        "https://intranet/a",
        f"https://push.example/{'a' * 1000}",
        "",
    ],
)
def test_whatever_no_push_service_has_is_refused_by_its_field(url: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        endpoint_of(url)

    assert refusal.value.facts["errors"] == [("endpoint", "format", "")]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1",
        "169.254.169.254", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2002:c0a8:101::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "nonsense",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_open_internet_is_known_in_any_guise(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.185.74", "2a00:1450:4001:81c::200a"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["localhost", "ip6-localhost", "does-not-exist.invalid", "a" * 70])
def test_a_name_that_leads_here_or_nowhere_is_found_out_when_a_message_leaves(host: str) -> None:
    """Whatever the name said when somebody subscribed: it is asked for each message."""
    with pytest.raises(NoPublicAddress):
        addresses(PushEndpoint("https", host, 443, "/"))


def test_a_test_may_allow_this_machine() -> None:
    found = endpoint_of("http://127.0.0.1:8123/send?a=b", is_local_allowed=True)

    assert (found.port, found.target, found.origin) == (
        8123, "/send?a=b", "http://127.0.0.1:8123",
    )  # fmt: skip
    assert addresses(found, is_local_allowed=True) == ["127.0.0.1"]
