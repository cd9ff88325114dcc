"""The people of the API tests, and a quick way to write their requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.office import Office, make_office


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
    office = make_office(tmp_path_factory.mktemp("quiet"))
    yield office
    office.store.close()


@pytest.fixture(scope="session")
def quiet_aylin(quiet_office: Office) -> FlaskClient:
    return quiet_office.signed_in("Aylin", "schalter-1")


@pytest.fixture(scope="session")
def quiet_kiosk(quiet_office: Office) -> FlaskClient:
    return quiet_office.kiosk()
