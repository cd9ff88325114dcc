"""Everybody who may use a route, and what it is about: a ticket, a call, a booking."""

from __future__ import annotations

from datetime import date
from typing import Any

from queue_server.actions import days, staff
from queue_server.store import appointments, deliveries, identities
from queue_server.web.identity import DEVICE_COOKIE, SESSION_COOKIE
from tests.access.filled_in import PLACES
from tests.api.bookings import LATER, asked, key_of
from tests.office import PASSWORD, Office

API = "/api/v1"
CLERKS = {
    "clerk": "Aylin", "lead": "Lea", "admin": "Ada", "clerk elsewhere": "Clara",
    "lead elsewhere": "Nora",
}  # fmt: skip
DEVICES = {
    "kiosk": ("kiosk", "rathaus", "eingang"),
    "kiosk elsewhere": ("kiosk", "nordend", "nordend-kiosk"),
    "display": ("display", "rathaus", "wand"),
}  # fmt: skip
ENDED = {"ended session": "Aylin", "revoked kiosk": "eingang"}
EVERYBODY = ("nobody", *CLERKS, *DEVICES, *ENDED)
SITE = ("clerk", "lead", "admin")
ALL_CLERKS = (*SITE, "clerk elsewhere", "lead elsewhere")

# Groups of routes: who may use them, and what is special about them.
MAY: dict[str, tuple[str, ...]] = {
    # Public, or a sign-in itself.
    "everybody": EVERYBODY,
    # A clerk books for the site they belong to; for another one they are no citizen either.
    "everybody but clerks of another site": tuple(
        who for who in EVERYBODY if who not in ("clerk elsewhere", "lead elsewhere")
    ),
    # The token in the address is the whole right; without the right one the answer is 404.
    "holder": EVERYBODY,
    # This machine or the operators' token, whoever is signed in.
    "operator": (),
    # Only in debug mode.
    "developer": (),
    # The kiosk that the address names, and nobody else: clerks have their own routes.
    "this kiosk": ("kiosk",),
    "this display": ("display",),
    "kiosk or clerk of the site": ("kiosk", *SITE),
    "clerk of the site": SITE,
    "lead of the site": ("lead", "admin"),
    # Pages without a site in the address: whoever passes acts at the site they belong to.
    "clerk, at their own site": ALL_CLERKS,
    "lead, at their own site": ("lead", "admin", "lead elsewhere"),
    # As before, about one ticket, appointment or message: another site's is no such thing.
    "lead, about one of their own site": ("lead", "admin"),
    "clerk, about one of their own site": SITE,
}


class People:
    """The identities of an office, each with a cookie of its own, and a scene to act upon."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._tokens: dict[str, str] = {}
        self._newcomers = 0
        self._hire("Ada", "rathaus", "admin")
        self._hire("Nora", "nordend", "lead")
        self._set_scene()

    def cookie(self, who: str) -> str:
        """The Cookie header of this person; a sign-in or pairing that ended is begun anew."""
        if who == "nobody":
            return ""
        if who in CLERKS:
            return f"{SESSION_COOKIE}={self._session(CLERKS[who])}"
        if who in DEVICES:
            return f"{DEVICE_COOKIE}={self._token(who)}"
        return f"{SESSION_COOKIE if 'session' in who else DEVICE_COOKIE}={self._token(who)}"

    def pairing_code(self) -> str:
        """A fresh one for the kiosk of Rathaus."""
        office = self.office
        return staff.expect_device(office.store, *DEVICES["kiosk"], now=office.clock())

    def newcomer(self) -> str:
        """The id of a clerk of Rathaus who was hired this moment, to be changed or removed."""
        self._newcomers += 1
        return str(self._hire(f"Neu {self._newcomers}", "rathaus", "clerk"))

    def decide_day(self) -> None:
        """The day that routes are about is closed at both sites, whatever was done before."""
        office, day = self.office, date.fromisoformat(PLACES["day"])
        for site in office.app.extensions["aufruf"].settings.sites:
            days.decide_day(office.store, site, day, (), clerk=1, now=office.clock())

    def _session(self, name: str) -> str:
        store = self.office.store
        token = self._tokens.get(name, "")
        with store.snapshot() as snapshot:
            if token and identities.session_of(snapshot, token):
                return token
            clerk = identities.clerk_named(snapshot, name)
        assert clerk is not None
        self._tokens[name] = staff.sign_in(store, clerk, now=self.office.clock())
        return self._tokens[name]

    def _token(self, who: str) -> str:
        if who not in self._tokens or (who in DEVICES and not self._is_paired(who)):
            make = self._ended if who == "ended session" else self._paired
            self._tokens[who] = make(who)
        return self._tokens[who]

    def _is_paired(self, who: str) -> bool:
        with self.office.store.snapshot() as snapshot:
            return identities.device_of_token(snapshot, self._tokens[who]) is not None

    def _paired(self, who: str) -> str:
        """A device's token; revoked again when that is who it is."""
        store, now = self.office.store, self.office.clock()
        role, site, place = DEVICES.get(who, DEVICES["kiosk"])
        code = staff.expect_device(store, role, site, place, now=now)
        _, token = staff.pair_device(store, code, now=now)
        if who == "revoked kiosk":
            with store.transaction() as tx:
                identities.revoke_token(tx, token, now)
        return token

    def _ended(self, who: str) -> str:
        with self.office.store.snapshot() as snapshot:
            clerk = identities.clerk_named(snapshot, ENDED[who])
        assert clerk is not None
        token = staff.sign_in(self.office.store, clerk, now=self.office.clock())
        staff.sign_out(self.office.store, token)
        return token

    def _hire(self, name: str, site: str, role: str) -> int:
        hashed = staff.hash_password(PASSWORD)
        now = self.office.clock()
        return staff.add_clerk(self.office.store, name, site, role, hashed, now=now)

    def _set_scene(self) -> None:
        """One is called at Schalter 1, one waits, one is booked, one has yet to confirm."""
        office = self.office
        aylin, reserved = office.signed_in("Aylin", "schalter-1"), asked(office)["appointment"]
        for _ in range(2):
            drawn = aylin.post(f"{API}/sites/rathaus/tickets", json={"services": ["meldewesen"]})
            assert drawn.status_code == 201, drawn.text
            called = aylin.post(f"{API}/counters/schalter-1/calls", json={})
            assert called.status_code in (200, 409)
        self.ticket: dict[str, Any] = drawn.json
        wish = {"services": ["meldewesen"], "start": LATER, "name": "Erika Mustermann"}
        booked = aylin.post(f"{API}/sites/rathaus/appointments", json=wish)
        assert booked.status_code == 201, booked.text
        with office.store.snapshot() as snapshot:
            found = appointments.by_token(snapshot, booked.json["token"])
        with office.store.transaction() as tx:
            deliveries.add(tx, "hook", "rathaus", 1, "TicketCalled", "{}", office.clock())
        self.appointment = {"token": found.token, "id": str(found.id), "code": found.code}
        self.reservation = {**self.appointment, "token": reserved, "key": key_of(office, reserved)}
