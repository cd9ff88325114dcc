"""Clocks of a server that a test does not wait for."""

from __future__ import annotations

import pytest

from queue_server.web import forecaster


@pytest.fixture
def unhurried(monkeypatch):
    """As if more than a second passed between any two questions."""
    monkeypatch.setattr(forecaster, "EVERY_SECONDS", 0.0)
