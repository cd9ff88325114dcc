"""The ways to paper: network, device or file, USB. One slip, one connection, a short patience."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
from typing import Any

from queue_server.printing.address import Address, File, NoServerPrinter, Tcp, Usb

PATIENCE_SECONDS = 2.0
"""For each of: reaching the printer, and handing it the slip."""

STATUS_SECONDS = 0.3
"""For the answer about paper; a printer that never answers is taken to have some."""

ASK_FOR_PAPER = b"\x10\x04\x04"  # DLE EOT 4: answered at once, even by a printer that has stopped
PAPER_IS_OUT = 0x60


class PrinterTrouble(Exception):
    """The slip was not printed. `reason` is `unreachable`, `paper` or `unknown_address`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


def send(place: Address, data: bytes) -> None:
    """Hand the bytes over; without bytes, only reach the printer. Raises PrinterTrouble."""
    match place:
        case Tcp():
            _send_by_network(place, data)
        case File():
            _send_to_device(place, data)
        case Usb():
            _send_by_usb(place, data)
        case NoServerPrinter():
            pass


def _send_by_network(place: Tcp, data: bytes) -> None:
    try:
        with socket.create_connection((place.host, place.port), PATIENCE_SECONDS) as line:
            _refuse_without_paper(_paper_status(line))
            line.settimeout(PATIENCE_SECONDS)
            line.sendall(data)
            _hang_up(line)
    except OSError as fault:
        raise PrinterTrouble("unreachable", f"{place.host} port {place.port}: {fault}") from fault


def _paper_status(line: socket.socket) -> bytes:
    line.sendall(ASK_FOR_PAPER)
    line.settimeout(STATUS_SECONDS)
    with contextlib.suppress(TimeoutError):
        return line.recv(1)
    return b""


def _refuse_without_paper(status: bytes) -> None:
    if status and status[0] & PAPER_IS_OUT == PAPER_IS_OUT:
        raise PrinterTrouble("paper")


def _hang_up(line: socket.socket) -> None:
    """Closing over unread answers would reset the connection and could cut the slip short."""
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_WR)
        line.settimeout(STATUS_SECONDS)
        for _ in range(8):
            if not line.recv(64):
                break


def _send_to_device(place: File, data: bytes) -> None:
    try:
        _write(os.fspath(place.path), data)
    except OSError as fault:
        # The kernel says "no space" when a printer at its port has run out of paper.
        reason = "paper" if fault.errno == errno.ENOSPC else "unreachable"
        raise PrinterTrouble(reason, f"{place.path}: {fault.strerror}") from fault


def _write(path: str, data: bytes) -> None:
    # Non-blocking, because a device that has stopped would hold this thread for ever.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK
    with os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0) as file:
        while data:
            if not select.select([], [file], [], PATIENCE_SECONDS)[1]:
                raise TimeoutError(errno.ETIMEDOUT, "takes no more data")
            data = data[file.write(data) or 0 :]


def _send_by_usb(place: Usb, data: bytes) -> None:
    import usb.core  # only where such a printer is configured; it needs the system's libusb
    import usb.util

    try:
        device = usb.core.find(idVendor=place.vendor, idProduct=place.product)
        if device is None:
            raise PrinterTrouble("unreachable", "no such device at any USB port")
        with contextlib.closing(_Claimed(device, usb.util)) as printer:
            printer.write(data)
    except (usb.core.USBError, usb.core.NoBackendError) as fault:
        raise PrinterTrouble("unreachable", str(fault)) from fault


class _Claimed:
    """A USB printer taken over from the kernel's own driver, given back by `close()`."""

    def __init__(self, device: Any, util: Any) -> None:
        self._device, self._util = device, util
        interface = device.get_active_configuration()[(0, 0)]
        if device.is_kernel_driver_active(interface.bInterfaceNumber):
            device.detach_kernel_driver(interface.bInterfaceNumber)
        self._outlet = util.find_descriptor(
            interface,
            custom_match=lambda end: (
                util.endpoint_direction(end.bEndpointAddress) == util.ENDPOINT_OUT
            ),
        )

    def write(self, data: bytes) -> None:
        if self._outlet is None:
            raise PrinterTrouble("unreachable", "this USB device is no printer")
        if data:
            self._outlet.write(data, timeout=round(PATIENCE_SECONDS * 1000))

    def close(self) -> None:
        self._util.dispose_resources(self._device)
