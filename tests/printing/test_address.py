"""Addresses of printers in config.toml."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from queue_server.printing import check_address
from queue_server.printing.address import File, NoServerPrinter, Tcp, Usb, parse

RIGHT = {
    "": NoServerPrinter(),
    "browser": NoServerPrinter(),
    "tcp://10.0.0.9:9100": Tcp("10.0.0.9", 9100),
    "tcp://drucker.amt.example": Tcp("drucker.amt.example", 9100),
    "tcp://[fd00::9]:9101": Tcp("fd00::9", 9101),
    "usb://04b8:0202": Usb(0x04B8, 0x0202),
    "usb://1234:9999": Usb(0x1234, 0x9999),
    "file:///dev/usb/lp0": File(PurePosixPath("/dev/usb/lp0")),
}

WRONG = [
    "lpt1",
    " ",
    "Browser",
    "10.0.0.9:9100",
    "tcp://",
    "tcp://:9100",
    "tcp://drucker:0",
    "tcp://drucker:99999",
    "tcp://drucker:neun",
    "tcp://drucker/raum",
    "tcp://me:secret@drucker",
    "tcp://dru cker",
    "tcp://[fd00::9",
    "tcp://drucker?x=1",
    "http://drucker:9100",
    "usb://",
    "usb://04b8",
    "usb://04b8:xyz0",
    "usb://04b8:0202/1",
    "usb://epson:tm20",
    "file://slips.bin",
    "file:slips.bin",
    "file:///",
    "file:///var/slips/",
    "file:///slips#1",
]


@pytest.mark.parametrize(("address", "meaning"), RIGHT.items())
def test_what_an_address_means(address, meaning):
    assert parse(address) == meaning
    assert check_address(address) is None


@pytest.mark.parametrize("address", WRONG)
def test_nonsense_is_refused_with_a_sentence_that_shows_it(address):
    problem = check_address(address)

    assert problem and problem.startswith("expected ") and address.strip() in problem
