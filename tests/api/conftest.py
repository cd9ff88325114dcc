"""The people of the API tests, and a quick way to write their requests."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.office import Office


@pytest.fixture
def aylin(office: Office) -> FlaskClient:
    """Aylin, with Schalter 1 open for all services."""
    return office.signed_in("Aylin", "schalter-1")


@pytest.fixture
def kiosk(office: Office) -> FlaskClient:
    return office.kiosk()
