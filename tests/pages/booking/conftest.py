"""Where one books at home: an office that sends letters, and a citizen before its pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.office import Office, make_office
from tests.pages.booking_forms import online_config


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path, online_config())


@pytest.fixture
def citizen(office: Office) -> FlaskClient:
    return office.visitor()
