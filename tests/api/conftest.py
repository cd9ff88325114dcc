"""The people of the API tests, and a quick way to write their requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.office import HERE, Office, make_office
from tests.phone import with_push

OFFICE = (HERE / "office.toml").read_text("utf-8")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The whole application with everything switched on, messages to phones too."""
    office = make_office(tmp_path, with_push(OFFICE))
    yield office
    office.store.close()


@pytest.fixture
def aylin(office: Office) -> FlaskClient:
    """Aylin, with Schalter 1 open for all services."""
    return office.signed_in("Aylin", "schalter-1")


@pytest.fixture
def kiosk(office: Office) -> FlaskClient:
    return office.kiosk()


@pytest.fixture(scope="session")
def quiet_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all tests whose requests are refused and change nothing."""
    office = make_office(tmp_path_factory.mktemp("quiet"), with_push(OFFICE))
    yield office
    office.store.close()


@pytest.fixture(scope="session")
def quiet_aylin(quiet_office: Office) -> FlaskClient:
    return quiet_office.signed_in("Aylin", "schalter-1")


@pytest.fixture(scope="session")
def quiet_kiosk(quiet_office: Office) -> FlaskClient:
    return quiet_office.kiosk()
