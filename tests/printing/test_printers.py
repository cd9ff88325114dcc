"""Slips reach the printer whole, or the trouble has a name, and soon."""

from __future__ import annotations

import os
import socket

import pytest

from queue_server.printing import Condition, PrinterTrouble, Slip, printer_for
from queue_server.printing.address import Tcp
from queue_server.printing.transports import opened
from tests.printing.receipt import printed
from tests.printing.simulator import FAULTS, printer_simulator

SLIP = Slip("Bürgerbüro Rathaus", "M 042", "Ihre Nummer", qr_text="https://amt.example/t/abcDEF123")
STOPPING = [fault for fault in FAULTS if fault not in ("", "paper_low")]


def test_a_file_collects_the_slips(tmp_path):
    printer = printer_for(f"file://{tmp_path}/slips.bin")

    printer.print(SLIP)
    printer.print(Slip("Bürgerbüro Rathaus", "M 043"))

    receipt = printed((tmp_path / "slips.bin").read_bytes())
    assert [line for line in receipt.texts if line.startswith("M ")] == ["M 042", "M 043"]
    assert receipt.cuts == 2


@pytest.mark.parametrize("confirms", [True, False])
@pytest.mark.parametrize("mute", [True, False])
def test_a_network_printer_gets_the_whole_slip(monkeypatch, confirms, mute):
    if mute:
        hurry(monkeypatch, "FIRST_ANSWER")
    if not confirms:
        hurry(monkeypatch, "PRINTED", "LOOK_AGAIN")
    with printer_simulator(confirms=confirms, mute=mute) as printer:
        found = printer_for(printer.address).print(SLIP)

    assert found is (Condition.MUTE if mute else Condition.READY)
    receipt = printed(bytes(printer.received))
    assert "M 042" in receipt.texts and receipt.codes() == [SLIP.qr_text]
    assert receipt.cuts == 1


def test_low_paper_still_prints_and_is_told():
    with printer_simulator(fault="paper_low") as printer:
        assert printer_for(printer.address).print(SLIP) is Condition.PAPER_LOW

    assert b"M 042" in printer.received


@pytest.mark.parametrize("fault", STOPPING)
def test_a_printer_that_has_stopped_is_reported_and_gets_no_slip(fault):
    with printer_simulator(fault=fault) as printer:
        assert trouble_of(printer.address) == fault

    assert b"M 042" not in printer.received


@pytest.mark.parametrize("fault", STOPPING)
def test_whoever_mends_it_prints_again(fault):
    with printer_simulator(fault=fault) as printer:
        device = printer_for(printer.address)
        with pytest.raises(PrinterTrouble):
            device.print(SLIP)

        printer.fault = ""
        assert device.print(SLIP) is Condition.READY

    assert printer.received.count(b"M 042") == 1


def test_paper_that_ends_in_the_middle_of_a_slip_is_found_out(monkeypatch):
    hurry(monkeypatch, "LOOK_AGAIN")
    with printer_simulator(paper_left=50) as printer:
        assert trouble_of(printer.address) == "paper"


def test_a_printer_that_hangs_is_found_out_by_its_silence(monkeypatch):
    hurry(monkeypatch, "ANSWER")
    with printer_simulator() as printer:
        device = printer_for(printer.address)
        device.check()
        printer.hangs = True

        with pytest.raises(PrinterTrouble) as trouble:
            device.print(SLIP)

    assert trouble.value.condition is Condition.SILENT


def test_a_line_that_drops_within_a_slip_is_no_printed_slip():
    with printer_simulator(drops_after=100) as printer:
        assert trouble_of(printer.address) == "unreachable"


def test_who_never_says_that_a_slip_is_printed_is_asked_once(monkeypatch):
    hurry(monkeypatch, "PRINTED", "LOOK_AGAIN")
    with printer_simulator(confirms=False) as printer:
        device = printer_for(printer.address)
        device.print(SLIP)
        device.print(SLIP)

    assert printer.received.count(b"M 042") == 2
    assert printer.questions == 1, "nobody else waits for an answer that never comes"


def test_a_check_reaches_the_printer_and_prints_nothing(tmp_path):
    with printer_simulator() as printer:
        assert printer_for(printer.address).check() is Condition.READY
    assert printer_for(f"file://{tmp_path}/slips.bin").check() is Condition.MUTE

    assert printer.received == b""
    assert (tmp_path / "slips.bin").read_bytes() == b""


@pytest.mark.parametrize("fault", STOPPING)
def test_a_check_finds_what_is_wrong(fault):
    with printer_simulator(fault=fault) as printer, pytest.raises(PrinterTrouble, match=fault):
        printer_for(printer.address).check()


def test_nobody_at_the_port_is_found_out_without_waiting(monkeypatch):
    monkeypatch.setattr("queue_server.printing.transports.PATIENCE_SECONDS", 1_000)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))

        assert trouble_of(f"tcp://127.0.0.1:{unused.getsockname()[1]}") == "unreachable"


def test_a_host_that_does_not_exist_is_unreachable():
    assert trouble_of("tcp://printer.invalid:9100") == "unreachable"


def test_a_printer_that_takes_no_data_does_not_hold_the_kiosk(monkeypatch):
    monkeypatch.setattr("queue_server.printing.transports.PATIENCE_SECONDS", 0.2)
    more_than_any_buffer = bytes(20_000_000)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        place = Tcp("127.0.0.1", deaf.getsockname()[1])

        with pytest.raises(PrinterTrouble, match="unreachable"), opened(place) as line:
            line.send(more_than_any_buffer)


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
    assert trouble.value.condition is Condition.UNKNOWN_ADDRESS


@pytest.mark.parametrize("address", ["", "browser"])
def test_the_server_prints_nothing_where_the_browser_does(address):
    assert printer_for(address) is None


def hurry(monkeypatch, *waits: str) -> None:
    """So that no test waits for a printer that says nothing to this."""
    for name in waits:
        monkeypatch.setattr(f"queue_server.printing.printers.{name}_SECONDS", 0.2)


def trouble_of(address: str) -> str:
    with pytest.raises(PrinterTrouble) as trouble:
        printer_for(address).print(SLIP)
    return trouble.value.reason
