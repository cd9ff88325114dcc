"""Printers of the tests are threads of a busy machine, and answer when it is their turn."""

from __future__ import annotations

import pytest

PATIENCE_SECONDS = 30.0


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever answers is waited for; a test of silence says for which answer it is not."""
    for name in ("FIRST_ANSWER", "ANSWER", "PRINTED"):
        monkeypatch.setattr(f"queue_server.printing.printers.{name}_SECONDS", PATIENCE_SECONDS)
