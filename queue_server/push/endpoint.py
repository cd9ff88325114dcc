"""Where a message may go. Anybody with a number may name the address, so it is not trusted.

Only https, only names, only the usual port; and when a message leaves, the addresses behind the
name are looked at, and the connection goes to one of those and nowhere else. So nobody makes this
server connect to hosts of its own network.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from queue_server.domain.errors import BadRequest

LONGEST = 1000
USUAL = {"https": 443, "http": 80}
# Their last four bytes are an address of the old kind.
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NoPublicAddress(Exception):
    """The name leads into a private network, to this machine, or nowhere."""


@dataclass(frozen=True, slots=True)
class PushEndpoint:
    """The address of a push service. `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        usual = self.port == USUAL[self.scheme]
        return f"{self.scheme}://{self.host}" + ("" if usual else f":{self.port}")


def endpoint_of(url: str, *, is_local_allowed: bool = False) -> PushEndpoint:
    """The address, taken apart. Raises `BadRequest` for one that no push service has.

    With `is_local_allowed` also http and any port, for a push service of a test.
    """
    found = _parted(url)
    is_usual = found is not None and (found.scheme, found.port) == ("https", USUAL["https"])
    if found is None or not (is_local_allowed or (is_usual and not _is_number(found.host))):
        raise BadRequest(errors=[("endpoint", "format", "")])
    return found


def addresses(endpoint: PushEndpoint, *, is_local_allowed: bool = False) -> list[str]:
    """Every address behind the name. Raises `NoPublicAddress`, also when only one is private."""
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoPublicAddress() from None
    known = list(dict.fromkeys(str(where[0]) for *_, where in found))
    if not known or not (is_local_allowed or all(map(is_public, known))):
        raise NoPublicAddress()
    return known


def is_public(address: str) -> bool:
    """Whether this address is one of the open internet, also within another one."""
    try:
        outer = ipaddress.ip_address(address)
    except ValueError:
        # With a zone behind it: link-local.
        return False
    return all(each.is_global and not each.is_multicast for each in (outer, *_inner(outer)))


def _inner(address: Address) -> list[Address]:
    """Addresses of the old kind that one of the new kind leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    teredo = address.teredo or ()
    last = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    translated = [last] if address in TRANSLATED else []
    found = [address.ipv4_mapped, address.sixtofour, *teredo, *translated]
    return [each for each in found if each is not None]


def _parted(url: str) -> PushEndpoint | None:
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    is_plain = "@" not in parts.netloc and "\\" not in url and not parts.fragment
    if parts.scheme not in USUAL or not parts.hostname or not is_plain or port == 0:
        return None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return PushEndpoint(parts.scheme, parts.hostname, port or USUAL[parts.scheme], target)


def _is_number(host: str) -> bool:
    """No push service is named by its address, in whatever way numbers can be written."""
    return ":" in host or host.rpartition(".")[2].removeprefix("0x").isdigit() or "." not in host
