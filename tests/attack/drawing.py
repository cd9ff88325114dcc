"""A kiosk that draws numbers until its input ends, and tells how long each took.

A program of its own, so that it does not wait for the threads of an attack, and of the standard
library alone, so that it starts at once. It draws at several servers beside each other, each
"host:port token": `[{"seconds": […], "statuses": […]}, …]`, in the order of its arguments.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from threading import Event, Thread

PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 60
FEWEST = 3
BODY = json.dumps({"services": ["meldewesen"]})


class Drawing(Thread):
    """Draws at one server, at least three times."""

    def __init__(self, place: str, token: str, over: Event) -> None:
        super().__init__()
        self.first = Event()
        self.seconds: list[float] = []
        self.statuses: set[int] = set()
        self._line = HTTPConnection(place, timeout=PATIENCE_SECONDS)
        self._cookie = {"Cookie": f"aufruf_device={token}", "Content-Type": "application/json"}
        self._over = over

    def run(self) -> None:
        try:
            self._draw()
            # The first opens the connection; whoever listens begins with what is measured then.
            self.seconds.clear()
            self.first.set()
            while not self._over.wait(PAUSE_SECONDS) or len(self.seconds) < FEWEST:
                self._draw()
        finally:
            self.first.set()
            self._line.close()

    def _draw(self) -> None:
        began = time.monotonic()
        self._line.request("POST", "/api/v1/sites/rathaus/tickets", BODY, self._cookie)
        answer = self._line.getresponse()
        answer.read()
        self.seconds.append(time.monotonic() - began)
        self.statuses.add(answer.status)


def main(places: Sequence[str]) -> None:
    over = Event()
    kiosks = [Drawing(*place.split(), over) for place in places]
    for kiosk in kiosks:
        kiosk.start()
    for kiosk in kiosks:
        kiosk.first.wait()
    print("ready", flush=True)
    sys.stdin.read()
    over.set()
    for kiosk in kiosks:
        kiosk.join()
    print(json.dumps([{"seconds": k.seconds, "statuses": sorted(k.statuses)} for k in kiosks]))


if __name__ == "__main__":
    main(sys.argv[1:])
