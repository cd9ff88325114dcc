"""The ways to paper: network, device or file, USB. Each sends bytes and hears answers."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from queue_server.printing.address import Address, File, NoServerPrinter, Tcp, Usb
from queue_server.printing.status import Condition, PrinterTrouble

PATIENCE_SECONDS = 2.0
"""For each of: reaching the printer, and handing it the slip."""

STOPPED_WITHIN_SECONDS = 0.2
"""For a printer to hang up after we did: a reset at once could cut the slip short."""


class Transport(Protocol):
    """An open way to one printer. Only one that `can_answer` may be asked."""

    @property
    def can_answer(self) -> bool: ...

    def send(self, data: bytes) -> None:
        """All of it. Raises OSError (as `hear` does) when the line is cut or nobody takes it."""

    def hear(self, seconds: float) -> bytes:
        """What the printer says within so many seconds; empty for nothing."""


@contextmanager
def opened(place: Address, patience: float = PATIENCE_SECONDS) -> Iterator[Transport]:
    """The printer at this place, reached within `patience` seconds. Raises PrinterTrouble."""
    try:
        match place:
            case Tcp():
                with socket.create_connection((place.host, place.port), patience) as line:
                    talking = _TcpLine(line)
                    yield talking
                    talking.hang_up()
            case File():
                with os.fdopen(_open_device(os.fspath(place.path)), "wb", buffering=0) as file:
                    yield _DeviceLine(file)
            case Usb():
                with _usb_line(place) as claimed:
                    yield claimed
            case NoServerPrinter():
                raise PrinterTrouble(Condition.UNKNOWN_ADDRESS, "the server prints nothing here")
    except OSError as fault:
        # The kernel says "no space" when a printer at its port has run out of paper.
        is_paper = fault.errno == errno.ENOSPC
        reason = Condition.PAPER if is_paper else Condition.UNREACHABLE
        raise PrinterTrouble(reason, f"{place}: {fault}") from fault


class _TcpLine:
    can_answer = True

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def send(self, data: bytes) -> None:
        self._line.settimeout(PATIENCE_SECONDS)
        self._line.sendall(data)

    def hear(self, seconds: float) -> bytes:
        self._line.settimeout(seconds)
        try:
            heard = self._line.recv(64)
        except TimeoutError:
            return b""
        if not heard:
            raise ConnectionResetError(errno.ECONNRESET, "the printer has hung up")
        return heard

    def hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)
            for _ in range(8):
                if not self.hear(STOPPED_WITHIN_SECONDS):
                    break


def _open_device(path: str) -> int:
    # Non-blocking, because a device that has stopped would hold this thread for ever.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK
    return os.open(path, flags, 0o600)


class _DeviceLine:
    can_answer = False

    def __init__(self, file: Any) -> None:
        self._file = file

    def send(self, data: bytes) -> None:
        while data:
            if not select.select([], [self._file], [], PATIENCE_SECONDS)[1]:
                raise TimeoutError(errno.ETIMEDOUT, "takes no more data")
            data = data[self._file.write(data) or 0 :]

    def hear(self, seconds: float) -> bytes:
        return b""


@contextmanager
def _usb_line(place: Usb) -> Iterator[_UsbLine]:
    import usb.core  # only where such a printer is configured; it needs the system's libusb
    import usb.util

    try:
        device = usb.core.find(idVendor=place.vendor, idProduct=place.product)
        if device is None:
            raise PrinterTrouble(Condition.UNREACHABLE, "no such device at any USB port")
        with contextlib.closing(_UsbLine(device, usb.util)) as claimed:
            yield claimed
    except (usb.core.USBError, usb.core.NoBackendError) as fault:
        raise PrinterTrouble(Condition.UNREACHABLE, str(fault)) from fault


class _UsbLine:
    """A USB printer taken over from the kernel's own driver, given back by `close()`."""

    def __init__(self, device: Any, util: Any) -> None:
        self._device, self._util = device, util
        interface = device.get_active_configuration()[(0, 0)]
        if device.is_kernel_driver_active(interface.bInterfaceNumber):
            device.detach_kernel_driver(interface.bInterfaceNumber)
        self._outlet = self._end(interface, util.ENDPOINT_OUT)
        self._inlet = self._end(interface, util.ENDPOINT_IN)
        if self._outlet is None:
            raise PrinterTrouble(Condition.UNREACHABLE, "this USB device is no printer")

    @property
    def can_answer(self) -> bool:
        return self._inlet is not None

    def send(self, data: bytes) -> None:
        self._outlet.write(data, timeout=round(PATIENCE_SECONDS * 1000))

    def hear(self, seconds: float) -> bytes:
        try:
            return bytes(self._inlet.read(64, timeout=round(seconds * 1000)))
        except OSError as fault:  # a USBTimeoutError is one
            if fault.errno == errno.ETIMEDOUT:
                return b""
            raise

    def close(self) -> None:
        self._util.dispose_resources(self._device)

    def _end(self, interface: Any, direction: int) -> Any:
        def has_direction(end: Any) -> bool:
            return bool(self._util.endpoint_direction(end.bEndpointAddress) == direction)

        return self._util.find_descriptor(interface, custom_match=has_direction)
