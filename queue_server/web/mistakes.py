"""Mistakes of clients in the log: one line with its kind, and nothing of what they sent."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


def note(kind: str) -> None:
    """Not more than so many a minute reach the log (commands/logs.py)."""
    log.info(kind)
