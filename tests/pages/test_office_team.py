"""Staff and devices on the office's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.store import identities
from tests.office import Office
from tests.pages.conftest import inspect_page

Visit = Callable[..., BeautifulSoup]
LONG = "Maximiliane-Wilhelmine von Hohenlohe-Waldenburg-Schillingsfürst"


@pytest.fixture
def lea(office: Office) -> FlaskClient:
    return office.signed_in("Lea")


def words_of(page: BeautifulSoup) -> str:
    return " ".join(page.main.get_text(" ").split())


def sent(client: FlaskClient, path: str, status: int = 200, **fields: str) -> BeautifulSoup:
    answer = client.post(path, data=fields)
    assert answer.status_code == status, answer.text
    page = BeautifulSoup(answer.text, "html.parser")
    if status != 303:
        inspect_page(page)
    return page


def id_of(office: Office, name: str) -> int:
    with office.store.snapshot() as snapshot:
        clerk = identities.clerk_named(snapshot, name)
    assert clerk is not None
    return clerk.id


def can_sign_in(office: Office, name: str, password: str) -> bool:
    answer = office.visitor().post("/login", json={"username": name, "password": password})
    return answer.status_code == 200


def test_somebody_new_gets_a_password_that_is_shown_once(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    page = sent(lea, "/office/staff", name="Dilan", role="clerk", password="")

    password = page.select_one(".setup__once").text
    assert can_sign_in(office, "Dilan", password)
    listed = words_of(visit(lea, "/office/staff"))
    assert "Dilan" in listed and password not in listed
    assert "Dilan darf sich anmelden (Mitarbeit)" in words_of(visit(lea, "/office/changes"))


def test_what_is_wrong_is_said_beside_its_field(lea: FlaskClient) -> None:
    short = sent(lea, "/office/staff", 422, name="Dilan", role="clerk", password="kurz")
    taken = sent(lea, "/office/staff", 422, name="Clara", role="clerk")
    empty = sent(lea, "/office/staff", 422, name="", role="clerk")
    unknown = sent(lea, "/office/staff", 422, name="Dilan", role="king")

    assert "mindestens 10 Zeichen" in short.select_one("#password-error").text
    assert "gibt es schon" in taken.select_one("#name-error").text
    assert "höchstens 60 Zeichen" in empty.select_one("#name-error").text
    assert "wählen Sie eine Rolle" in words_of(unknown)


def test_a_clerk_gets_another_role_another_password_and_goes(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    path = f"/office/staff/{id_of(office, 'Bernd')}"
    bernd = office.signed_in("Bernd")
    assert bernd.get("/office").status_code == 403

    sent(lea, f"{path}/role", 303, role="lead")
    assert bernd.get("/office").status_code == 200

    told = sent(lea, f"{path}/password", password="")
    assert bernd.get("/office").status_code == 303
    assert can_sign_in(office, "Bernd", told.select_one(".setup__once").text)

    sent(lea, f"{path}/removal", 303)
    assert "Bernd" not in words_of(visit(lea, "/office/staff"))
    assert lea.get(path).status_code == 404


def test_ones_own_rights_and_those_of_the_administration_stay(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    own = f"/office/staff/{id_of(office, 'Lea')}"

    assert "Das sind Sie" in words_of(visit(lea, own))
    assert lea.post(f"{own}/removal").status_code == 403
    assert lea.post("/office/staff", data={"name": "X", "role": "admin"}).status_code == 403


def test_a_device_is_paired_by_the_code_of_the_page_and_parted_again(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    assert "nicht gekoppelt" in words_of(visit(lea, "/office/devices"))
    page = sent(lea, "/office/devices/wand/code")
    assert page.select_one(".setup__qr svg") is not None
    wall = office.visitor()
    code = page.select_one(".setup__once").text

    assert wall.post("/devices/pair", json={"code": code}).status_code == 200

    listed = words_of(visit(lea, "/office/devices"))
    assert code not in listed and "Wartebereich" in listed
    sent(lea, "/office/devices/wand/revocation", 303)
    assert wall.post("/devices/pair", json={"code": code}).status_code == 403
    told = words_of(visit(lea, "/office/changes"))
    assert "wand: getrennt" in told and "wand: Kopplungscode gemacht" in told


def test_a_long_name_has_room(lea: FlaskClient, visit: Visit) -> None:
    sent(lea, "/office/staff", name=LONG[:60], role="lead", password="lang-genug-123")

    assert LONG[:60] in words_of(visit(lea, "/office/staff"))
