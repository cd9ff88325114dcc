"""Other systems that are told what happens: who they are, what they hear, how they know us."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address

from queue_server.domain import events as e
from queue_server.domain.events import Event

# A booking by a clerk is confirmed at once; to others it is the same as a confirmed one.
TOLD_AS: dict[type[Event], str] = {
    e.TicketIssued: "TicketIssued",
    e.TicketCalled: "TicketCalled",
    e.TicketFinished: "VisitFinished",
    e.AppointmentBooked: "AppointmentConfirmed",
    e.AppointmentConfirmed: "AppointmentConfirmed",
    e.AppointmentCancelled: "AppointmentCancelled",
}
TOLD_EVENTS = tuple(dict.fromkeys(TOLD_AS.values()))
INSIDE = ("localhost", "local", "lan", "internal", "intranet", "intern", "home.arpa")
KEY_LENGTH = 16
IpAddress = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Webhook:
    """A `[[webhook]]` of config.toml. Addresses may hold tokens, so neither is ever printed."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    events: tuple[str, ...] = TOLD_EVENTS
    name: str = ""

    @property
    def key(self) -> str:
        """By what the database knows it: its address without being able to read it."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:KEY_LENGTH]

    @property
    def label(self) -> str:
        """For the people of the office: its name, else the host."""
        return self.name or re.sub(r"^\w+://([^/?#]*).*", r"\1", self.url)


def signature(secret: str, at: int, body: bytes) -> str:
    """The value of `Aufruf-Signature`; `at` is the time of sending in whole seconds since 1970."""
    signed = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


def is_inside(host: str) -> bool:
    """Whether this name or address belongs to the office's own network, where plain HTTP may do.

    A name is believed here; to where it leads is looked at again when something is sent.
    """
    try:
        return is_private(ip_address(host.strip("[]")))
    except ValueError:
        name = host.lower().rstrip(".")
        return "." not in name or name.endswith(tuple(f".{each}" for each in INSIDE))


def is_private(address: IpAddress) -> bool:
    """An address of this machine or of an intranet. Link-local ones are nobody's server."""
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_private and not mapped.is_link_local and not mapped.is_unspecified)
