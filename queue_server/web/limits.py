"""Who is counted, and how often each entry may be tried: by one client, its network, everybody.

In memory only; no address is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address
from math import ceil
from types import MappingProxyType

from queue_server.domain.site import Site

# An IPv6 household or server has a /64 at least. Larger customers have a /56 or a /48, so these
# are counted, too, with as many tries as so many clients.
WIDER = ((56, 2), (48, 4))


@dataclass(frozen=True, slots=True)
class Client:
    """`name` is its own bucket: a device, a clerk, an IPv4 address, or an IPv6 /64.

    `networks` are the wider ones around it, each with the factor by which it may try more often.
    Somebody `is_known` who has shown a device token or a session: of them there are few, and no
    total refuses them.
    """

    name: str
    networks: tuple[tuple[str, int], ...] = ()
    is_known: bool = False


def known(name: str) -> Client:
    """A paired device or a signed-in clerk, wherever the request comes from."""
    return Client(name, is_known=True)


# Some proxies (IIS) name the port as well, which is another one for each connection.
WITH_PORT = re.compile(r"([\d.]+):\d+|\[([^\]]+)\](?::\d+)?", re.ASCII)


def at(address: str) -> Client:
    """Somebody of whom nothing but the address is known, as the line or the proxy tells it."""
    if with_port := WITH_PORT.fullmatch(address):
        address = with_port[1] or with_port[2]
    if ":" not in address:
        return Client(address)
    try:
        found = IPv6Address(address)
    except ValueError:
        return Client(address)
    if found.ipv4_mapped:
        return Client(str(found.ipv4_mapped))
    networks = tuple((_network(found, length), factor) for length, factor in WIDER)
    return Client(_network(found, 64), networks)


def _network(address: IPv6Address, length: int) -> str:
    return f"{int(address) >> (128 - length):x}/{length}"


# What is switched off by a limit of nothing is still off after this long.
HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` tries at once, refilled at `per_minute`. With none of either nobody may try."""

    burst: float
    per_minute: float

    def times(self, factor: float) -> Limit:
        """The same for so many clients together."""
        return Limit(self.burst * factor, self.per_minute * factor)

    def seconds_for(self, tries: float) -> int:
        """How long it takes until so many tries are refilled."""
        return ceil(tries * 60 / self.per_minute) if self.per_minute else HOUR_SECONDS


@dataclass(frozen=True, slots=True)
class Limits:
    """For one client and for all clients together.

    `quiet` is how many tries an hour a client has left that spent none of its own, when its network
    or everybody together have spent theirs.
    """

    client: Limit
    total: Limit
    quiet: int = 3


# Every entry has its own buckets. Of passwords, codes, keys and pairings only failures count, so
# a busy kiosk never waits.
LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "password": Limits(Limit(10, 4), Limit(100, 60)),
        # Failures at one account from wherever; and then, from a place it never signed in from.
        "account": Limits(Limit(30, 0.5), Limit(10_000, 10_000)),
        "strange_place": Limits(Limit(1, 1 / 60), Limit(10_000, 10_000)),
        "pairing": Limits(Limit(10, 4), Limit(50, 20)),
        # Termincodes: at the kiosk's page, over the API, at the desk.
        "kiosk_code": Limits(Limit(20, 10), Limit(200, 60)),
        "code": Limits(Limit(20, 10), Limit(200, 60)),
        "desk_code": Limits(Limit(20, 10), Limit(200, 60)),
        # The keys of the e-mails that confirm a booking.
        "key": Limits(Limit(20, 10), Limit(200, 60)),
        # Frames that a kiosk's camera could not read: each costs the server a tenth of a second.
        "picture": Limits(Limit(60, 60), Limit(600, 600)),
        # Taken at a kiosk, where nobody is known: a busy morning of it, and no calendar emptied.
        "appointment": Limits(Limit(60, 1), Limit(200, 4)),
        # Phones that want to be told; a waiting room may share one address.
        "push": Limits(Limit(300, 60), Limit(3_000, 600)),
        "ticket": Limits(Limit(20_000, 6_000), Limit(50_000, 20_000)),
        # Calendars that nobody has asked for since the last booking: each is some work.
        "calendar": Limits(Limit(60, 30), Limit(300, 120), quiet=10),
        # Whoever practises; a whole class begins at once.
        "practice": Limits(Limit(60, 30), Limit(300, 120)),
        # Sums that were handed out; nobody is refused, they only become harder.
        "challenge": Limits(Limit(10, 2), Limit(200, 40)),
    }
)


def limits_for(sites: Iterable[Site]) -> Mapping[str, Limits]:
    """The fixed limits, and each site's own for bookings with and without a proof of work."""
    own: dict[str, Limits] = {}
    for site in sites:
        rules = site.booking
        own[booking(site)] = _hourly(rules.per_client_hour, rules.per_hour)
        own[booking(site, proven=False)] = _hourly(
            rules.unproven_per_client_hour, rules.unproven_per_hour
        )
    return {**LIMITS, **own}


def booking(site: Site, *, proven: bool = True) -> str:
    """The entry at which a site's bookings are counted."""
    return f"{'booking' if proven else 'unproven'} {site.id}"


def _hourly(client: int, total: int) -> Limits:
    return Limits(Limit(client, client / 60), Limit(total, total / 60), quiet=1)
