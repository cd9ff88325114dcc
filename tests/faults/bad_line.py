"""A line between two networks that loses and delays what is sent, made of network namespaces.

`unshare --net python -m tests.faults.bad_line` prints the process ids that hold the two networks'
networks, and then carries packets between them until its input ends. Each line of input is an
order: `LOSS DELAY` (a share of all packets, and seconds each way), or `cut`.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import selectors
import struct
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
OFFICE, HALL = "192.0.2.1", "192.0.2.2"
LONGEST_PACKET = 65536


class BadLine:
    """Two ends; what is read from one is written to the other, later or never."""

    def __init__(self, ends: list[int]) -> None:
        self._across = dict(zip(ends, reversed(ends), strict=True))
        self._under_way: deque[tuple[float, int, bytes]] = deque()
        self._loss = self._delay = 0.0
        self._chance = random.Random(8)

    def carry(self) -> None:
        """Until the input ends."""
        with selectors.DefaultSelector() as ready:
            for each in (*self._across, sys.stdin.fileno()):
                ready.register(each, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select(self._until_next()):
                    if key.fd in self._across:
                        self._take(key.fd)
                    elif not self._obey(os.read(key.fd, 200).decode()):
                        return
                self._deliver()

    def _obey(self, said: str) -> bool:
        if order := said.split():
            self._loss, self._delay = (1, 0) if order[0] == "cut" else map(float, order[-2:])
            print("obeyed", flush=True)
        return bool(said)

    def _take(self, end: int) -> None:
        packet = os.read(end, LONGEST_PACKET)
        if self._chance.random() >= self._loss:
            self._under_way.append((time.monotonic() + self._delay, self._across[end], packet))

    def _deliver(self) -> None:
        while self._under_way and self._under_way[0][0] <= time.monotonic():
            _, end, packet = self._under_way.popleft()
            os.write(end, packet)

    def _until_next(self) -> float | None:
        if not self._under_way:
            return None
        return max(0.0, self._under_way[0][0] - time.monotonic())


def main() -> None:
    names = ("line-a", "line-b")
    holders = [subprocess.Popen(["unshare", "--net", "sleep", "infinity"]) for _ in range(2)]
    try:
        ends = [_end_in(holder.pid, name) for holder, name in zip(holders, names, strict=True)]
        for holder, name, own, other in zip(
            holders, names, (OFFICE, HALL), (HALL, OFFICE), strict=True
        ):
            _address(holder.pid, name, own, other)
        print(json.dumps([holder.pid for holder in holders]), flush=True)
        BadLine(ends).carry()
    finally:
        for holder in holders:
            holder.kill()


def _end_in(pid: int, name: str) -> int:
    """A device that this process reads and writes, in the network of that one."""
    end = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    ours = Path("/proc/self/ns/net").readlink()
    while Path(f"/proc/{pid}/ns/net").readlink() == ours:
        time.sleep(0.005)
    subprocess.run(["ip", "link", "set", "dev", name, "netns", str(pid)], check=True)
    return end


def _address(pid: int, name: str, own: str, other: str) -> None:
    for words in (
        f"address add {own} peer {other} dev {name}",
        f"link set dev {name} up",
        "link set dev lo up",
    ):
        inside = ["nsenter", "--target", str(pid), "--net"]
        subprocess.run([*inside, "ip", *words.split()], check=True)


if __name__ == "__main__":
    main()
