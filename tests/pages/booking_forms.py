"""What citizens do in the booking pages: they press the forms as they stand there."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from itertools import count
from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.appointment import Appointment
from queue_server.domain.codes import new_token
from queue_server.store import appointments, cells
from tests.office import HERE, Office

START = "2026-06-09T10:00:00+02:00"
LATER = "2026-06-09T11:00:00+02:00"
EMAIL = "erika@example.org"
PHONE = "040 66969-100"
VISIT = {"site": "rathaus", "services": "meldewesen"}
# Sunday is closed, on Wednesday the office is away, on Thursday it opens for two hours only.
WEEK = """
[[site.special_day]]
day = "2026-06-10"
notice = "Betriebsausflug"

[[site.special_day]]
day = "2026-06-11"
hours = ["08:00-10:00"]
notice = "Ab 10 Uhr Personalversammlung"
"""
NOT_ONLINE = """
[[site.service]]
id = "nachlass"
name = "Nachlass regeln"
group = "N"
minutes = 30
bookable = false

[[site.service]]
id = "archiv"
name = "Archiv besuchen"
group = "N"
minutes = 30

[[site.counter]]
id = "keller"
name = "Keller"
services = ["archiv", "nachlass"]
bookable = false
"""


def online_config(*changes: tuple[str, str]) -> str:
    """The office of the tests, with letters: so citizens can book."""
    text = (HERE / "office.toml").read_text("utf-8")
    mail = '[mail]\nsmtp_url = "smtp://127.0.0.1:1"\nsender = "termine@musterstadt.example"\n'
    text = text.replace("[[site]]", f"{mail}\n[[site]]", 1)
    text = text.replace('timezone = "Europe/Berlin"', f'phone = "{PHONE}"', 1)
    # Whoever serves nothing but "ausweise" stays; the others no longer serve what is not online.
    served = 'services = ["meldewesen", "ausweise", "kfz", "trauung", "fundbuero"]'
    for name in ("Schalter 1", "Schalter 3"):
        text = text.replace(f'name = "{name}"', f'name = "{name}"\n{served}', 1)
    text = text.replace('[[site.counter]]\nid = "schalter-1"', f"{NOT_ONLINE}\n[[site.counter]]\n"
                        'id = "schalter-1"', 1)  # fmt: skip
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def with_special_days(text: str) -> str:
    """The same office in a week with days that are unlike others, in Schleswig-Holstein."""
    text = text.replace('sun = ["00:00-24:00"]\n', "sun = []\n", 1)
    text = text.replace("[[site.service]]", f"{WEEK}\n[[site.service]]", 1)
    return text.replace(f'phone = "{PHONE}"', f'phone = "{PHONE}"\nland = "SH"', 1)


def parsed(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def words_of(page: BeautifulSoup | Tag | None) -> str:
    """The words as they are read, whatever blanks and lines stand between them."""
    assert page is not None
    return " ".join(page.get_text().split())


def times_address(**more: Any) -> str:
    return f"/termin/times?{urlencode(VISIT | more, doseq=True)}"


def fields_of(form: Tag) -> dict[str, Any]:
    """What a browser would send of this form, with nothing chosen or typed."""
    found: dict[str, Any] = {}
    for field in form.select("input[name]"):
        if field.get("type") in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        found.setdefault(str(field["name"]), []).append(field.get("value", ""))
    return found


def press(client: FlaskClient, form: Tag, **more: Any) -> TestResponse:
    """Send the form with these fields."""
    address = str(form["action"])
    if form.get("method") == "post":
        return client.post(address, data=fields_of(form) | more)
    return client.get(address, query_string=fields_of(form) | more)


def calendar_form(client: FlaskClient, **more: Any) -> Tag:
    """The form with the times of a day, as it is delivered now."""
    [*_, form] = parsed(client.get(times_address(**more))).select("form")
    return form


def hold(client: FlaskClient, start: str = START, **more: Any) -> str:
    """Choose a time in the calendar; returns the address of the page that follows."""
    answer = press(client, calendar_form(client), start=start, **more)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def token_of(address: str) -> str:
    return address.split("/")[2].partition("?")[0]


def fill_in(client: FlaskClient, address: str, email: str = EMAIL, name: str = "") -> TestResponse:
    """Say whom to write to."""
    [form] = parsed(client.get(address)).select("main form")
    return press(client, form, email=email, name=name)


def send_off(client: FlaskClient, start: str = START, email: str = EMAIL) -> str:
    """The whole way up to the letter; returns the token."""
    address = hold(client, start)
    summary = fill_in(client, address, email).headers["Location"]
    [form] = parsed(client.get(summary)).select("main form")
    answer = press(client, form)
    assert answer.status_code == 303, answer.text
    return token_of(address)


def found(office: Office, token: str) -> Appointment:
    with office.store.snapshot() as snapshot:
        return appointments.by_token(snapshot, token)


def key_of(office: Office, token: str) -> str:
    """What only the letter tells."""
    return found(office, token).confirmation_key


def held_cells(office: Office) -> int:
    """How many cells of five minutes are held at the Rathaus."""
    now = office.clock()
    with office.store.snapshot() as snapshot:
        held = cells.taken(snapshot, "rathaus", now, now.replace(year=now.year + 1), None)
    return sum(len(each) for each in held.values())


def solved(client: FlaskClient, site: str = "rathaus") -> str:
    """A fresh proof of work, as the script of the page makes it."""
    asked = client.get(f"/api/v1/challenge?site={site}").get_json()
    number = next(
        n for n in count()
        if sha256(f"{asked['salt']}{n}".encode()).hexdigest() == asked["challenge"]
    )  # fmt: skip
    kept = {name: asked[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**kept, "number": number}).encode()).decode()


def confirm(office: Office, client: FlaskClient, token: str) -> None:
    """Press the button behind the link of the letter, after what is still missing before it."""
    if not key_of(office, token):
        summary = fill_in(client, f"/termin/{token}").headers["Location"]
        [form] = parsed(client.get(summary)).select("main form")
        press(client, form)
    answer = client.post(f"/termin/{token}/confirmation", data={"key": key_of(office, token)})
    assert answer.status_code == 303, answer.text


RESERVATION = "/termin/reservation"


# A quarter of an hour in cells of five minutes.
ONE_VISIT = 3


def reserve(client: FlaskClient, **more: Any) -> Any:
    return client.post(RESERVATION, data=VISIT | {"start": START, "token": new_token()} | more)
