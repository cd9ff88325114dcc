"""Slips reach the printer whole, or the trouble has a name, and soon."""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import contextmanager

import pytest

from queue_server.printing import PrinterTrouble, Slip, printer_for
from queue_server.printing.address import Tcp
from queue_server.printing.senders import send

SLIP = Slip(
    site="Bürgerbüro Rathaus",
    number="M 042",
    lines=("Vor Ihnen warten 3 Personen", "gezogen um 09:14 Uhr"),
    qr_text="https://amt.example/t/abcDEF123",
    footer="Bitte bleiben Sie in Hörweite.",
)


def test_a_file_collects_the_slips(tmp_path):
    printer = printer_for(f"file://{tmp_path}/slips.bin")

    printer.print(SLIP)
    printer.print(Slip("Bürgerbüro Rathaus", "M 043"))

    paper = (tmp_path / "slips.bin").read_bytes()
    assert paper.index(b"M 042") < paper.index(SLIP.qr_text.encode()) < paper.index(b"M 043")


def test_a_network_printer_gets_the_whole_slip():
    with receipt_printer() as (port, received):
        printer_for(f"tcp://127.0.0.1:{port}").print(SLIP)

    assert b"M 042" in received and SLIP.qr_text.encode() in received
    assert bytes(received).count(b"\x1dV") == 1, "cut once, at the end"


def test_a_printer_that_says_it_has_paper_prints_without_waiting():
    with receipt_printer(status=b"\x12") as (port, received):
        printer_for(f"tcp://127.0.0.1:{port}").print(SLIP)

    assert b"M 042" in received


def test_a_printer_without_paper_is_reported_and_gets_no_slip():
    with receipt_printer(status=b"\x72") as (port, received):
        assert trouble_of(f"tcp://127.0.0.1:{port}") == "paper"

    assert b"M 042" not in received


def test_a_check_reaches_the_printer_and_prints_nothing(tmp_path):
    with receipt_printer(status=b"\x12") as (port, received):
        printer_for(f"tcp://127.0.0.1:{port}").check()
    printer_for(f"file://{tmp_path}/slips.bin").check()

    assert bytes(received) == b"\x10\x04\x04"
    assert (tmp_path / "slips.bin").read_bytes() == b""


def test_a_check_finds_missing_paper():
    with receipt_printer(status=b"\x72") as (port, _), pytest.raises(PrinterTrouble, match="paper"):
        printer_for(f"tcp://127.0.0.1:{port}").check()


def test_nobody_at_the_port_is_found_out_at_once():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        began = time.monotonic()

        assert trouble_of(f"tcp://127.0.0.1:{unused.getsockname()[1]}") == "unreachable"
        assert time.monotonic() - began < 2


def test_a_host_that_does_not_exist_is_unreachable():
    assert trouble_of("tcp://printer.invalid:9100") == "unreachable"


def test_a_printer_that_takes_no_data_does_not_hold_the_kiosk(monkeypatch):
    monkeypatch.setattr("queue_server.printing.senders.PATIENCE_SECONDS", 0.2)
    more_than_any_buffer = bytes(20_000_000)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        place = Tcp("127.0.0.1", deaf.getsockname()[1])

        with pytest.raises(PrinterTrouble, match="unreachable"):
            send(place, more_than_any_buffer)


def test_a_folder_that_does_not_exist_is_unreachable(tmp_path):
    assert trouble_of(f"file://{tmp_path}/missing/slips.bin") == "unreachable"


def test_a_device_that_nobody_serves_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "lp0")

    assert trouble_of(f"file://{tmp_path}/lp0") == "unreachable"


def test_a_device_out_of_paper_is_reported():
    assert trouble_of("file:///dev/full") == "paper"


def test_an_unplugged_usb_printer_is_unreachable():
    assert trouble_of("usb://dead:beef") == "unreachable"


def test_nonsense_is_an_unknown_address():
    with pytest.raises(PrinterTrouble) as trouble:
        printer_for("lpt1")
    assert trouble.value.reason == "unknown_address"


@pytest.mark.parametrize("address", ["", "browser"])
def test_the_server_prints_nothing_where_the_browser_does(address):
    assert printer_for(address) is None


def trouble_of(address: str) -> str:
    with pytest.raises(PrinterTrouble) as trouble:
        printer_for(address).print(SLIP)
    return trouble.value.reason


@contextmanager
def receipt_printer(status: bytes = b""):
    """A printer in the network: takes one slip, and answers about its paper if it can."""
    received = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=take_one, args=(door, status, received))
        thread.start()
        yield door.getsockname()[1], received
        thread.join(timeout=5)


def take_one(door: socket.socket, status: bytes, received: bytearray) -> None:
    line, _ = door.accept()
    with line:
        while data := line.recv(65536):
            if status and not received:
                line.sendall(status)
            received += data
