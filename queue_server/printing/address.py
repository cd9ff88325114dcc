"""What may be written in a kiosk's `printer = "…"`, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import SplitResult, urlsplit

RAW_PORT = 9100
"""Where receipt printers listen when the address names no port."""

EXPECTED = 'expected tcp://host:9100, usb://vendor:product, file:///path, "browser" or ""'


@dataclass(frozen=True)
class NoServerPrinter:
    """The kiosk's browser prints, or nobody does."""


@dataclass(frozen=True)
class Tcp:
    """A network printer; `host` is a name or an IPv4 or IPv6 address."""

    host: str
    port: int


@dataclass(frozen=True)
class Usb:
    """A printer at the server's own USB port, by the two numbers that `lsusb` shows."""

    vendor: int
    product: int


@dataclass(frozen=True)
class File:
    """A device such as /dev/usb/lp0, or a file that collects the slips."""

    path: PurePosixPath


Address = NoServerPrinter | Tcp | Usb | File


class BadAddress(ValueError):
    """Not a printer's address; the message is a sentence for the person who wrote it."""


def check_address(address: str) -> str | None:
    """What is wrong with a printer's address, as a sentence; None when nothing is.

    Only the writing is judged: whether the printer answers, `Printer.check()` finds out.
    """
    try:
        parse(address)
    except BadAddress as fault:
        return str(fault)
    return None


def parse(address: str) -> Address:
    """The printer an address means. Raises BadAddress."""
    if address in ("", "browser"):
        return NoServerPrinter()
    parts = _split(address)
    if parts.scheme not in READERS or parts.query or parts.fragment:
        raise BadAddress(f"{EXPECTED}, got {address!r}")
    return READERS[parts.scheme](parts, address)


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it is what finds a port out of range
    except ValueError as fault:
        # usb://vendor:product looks like a host with a wrong port; its own reader judges it.
        if not address.startswith("usb://"):
            raise BadAddress(f"{EXPECTED}, got {address!r} ({fault})") from fault
    return urlsplit(address)


def _tcp(parts: SplitResult, address: str) -> Tcp:
    is_host = re.fullmatch(r"[A-Za-z0-9._:-]+", parts.hostname or "")
    if not is_host or parts.path.strip("/") or parts.username is not None or parts.port == 0:
        raise BadAddress(f"expected tcp://host:9100 and nothing else, got {address!r}")
    return Tcp(str(parts.hostname), parts.port or RAW_PORT)


def _usb(parts: SplitResult, address: str) -> Usb:
    numbers = re.fullmatch(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", parts.netloc)
    if numbers is None or parts.path.strip("/"):
        raise BadAddress(
            "expected usb://vendor:product with two numbers of four hexadecimal digits, as lsusb"
            f" shows them (usb://04b8:0202), got {address!r}"
        )
    return Usb(int(numbers[1], 16), int(numbers[2], 16))


def _file(parts: SplitResult, address: str) -> File:
    if parts.netloc or not parts.path.startswith("/") or parts.path.endswith("/"):
        raise BadAddress(f"expected file:///path with three slashes and a file, got {address!r}")
    return File(PurePosixPath(parts.path))


READERS: dict[str, Callable[[SplitResult, str], Address]] = {
    "tcp": _tcp,
    "usb": _usb,
    "file": _file,
}
