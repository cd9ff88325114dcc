"""What several tests of verbs begin with."""

from __future__ import annotations

import pytest


@pytest.fixture
def asked(town):
    """A booking that waits for the link in the e-mail."""
    return town.book("Kfz", at="09:30")
