"""A visit from the kiosk to the call, over HTTP and a socket, with paper and a picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .browser import Browser
from .line import Line
from .server import RunningServer
from .tour import Known

SITE, COUNTER = "/api/v1/sites/rathaus", "/api/v1/counters/schalter-1"
# When the next free time is still far, the kiosk says "too early", having read the code.
READ = (201, 409)


@dataclass
class Visit:
    """One browser that is signed in as the admin and paired as the kiosk at the entrance."""

    server: RunningServer
    slips: Path
    browser: Browser = field(init=False)
    ticket: dict[str, Any] = field(default_factory=dict)
    appointment: dict[str, Any] = field(default_factory=dict)
    day: str = ""

    def come_in(self) -> None:
        """With what the start shows: the pairing code of the kiosk and the first password."""
        self.browser = self.server.browser()
        code = self.server.shown(r"/kiosk/eingang +pairing code (\S+)")
        self.browser.post("/devices/pair", {"code": code}).must_be(200)
        password = self.server.shown(r"with the password (\S+)")
        entry = {"username": "admin", "password": password}
        self.browser.post("/login", entry).must_be(200)

    def draw(self) -> None:
        answer = self.browser.post(f"{SITE}/tickets", {"services": ["meldewesen"]})
        self.ticket = answer.must_be(201).json()

    def print_slip(self) -> None:
        """The kiosk's printer is a file in this folder."""
        self.browser.form(f"/kiosk/eingang/tickets/{self.ticket['token']}/slips").must_be(200)
        paper = self.slips.read_bytes()
        assert paper.startswith(b"\x1b"), f"{self.slips} holds no slip: {paper[:80]!r}"

    def call(self) -> None:
        """The board comes by socket: first as it is, then with the call."""
        self.browser.send("PUT", f"{COUNTER}/session", {}).must_be(200, 201)
        with Line(self.server.url) as line:
            before = line.ask("watch_board", {"site": "rathaus"})
            called = self.browser.post(f"{COUNTER}/calls", {}).must_be(200).json()
            after = line.next_push("board")
            # That a counter was opened may be told after all.
            while not after["calls"]:
                after = line.next_push("board")
        number = self.ticket["number"]
        assert called["ticket"]["number"] == number, f"{number} was drawn, called was {called}"
        assert before["calls"] == [], f"nobody was called before, and the board says {before}"
        assert [call["number"] for call in after["calls"]] == [number], f"pushed was {after}"

    def read_picture(self) -> None:
        """A clerk books, and the kiosk reads the picture that the confirmation would show."""
        from queue_server.qr import qr_png

        slots = self.browser.get(f"{SITE}/slots?services=meldewesen").must_be(200).json()
        start = slots["slots"][0]["start"]
        wanted = {"services": ["meldewesen"], "start": start, "name": "Erika Muster"}
        booked = self.browser.post(f"{SITE}/appointments", wanted)
        self.appointment = booked.must_be(201).json()
        picture = qr_png(self.appointment["code"], 6)
        self.browser.picture(f"{SITE}/check-ins", picture).must_be(*READ)

    def close_a_day(self) -> None:
        """In four weeks, when nobody has booked."""
        self.day = f"{datetime.now(UTC) + timedelta(weeks=4):%Y-%m-%d}"
        decided = self.browser.form("/office/days", day=self.day, open="", notice="Ausflug")
        decided.must_be(200)

    def known(self) -> Known:
        """What the pages of this visit are about."""
        ticket, appointment = self.ticket, self.appointment
        return Known(
            ticket["token"], ticket["id"], appointment["token"], appointment["id"], self.day
        )
