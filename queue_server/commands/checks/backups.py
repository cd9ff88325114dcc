"""What `aufruf check` says about the nightly backups."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from queue_server.actions import backing_up
from queue_server.commands.checks import Remark, noted, wrong
from queue_server.domain.errors import StorageFailed
from queue_server.settings import Settings
from queue_server.store import backups

OLD_AFTER = timedelta(hours=30)
NO_WAY = "backups: nothing can be written to {folder}; see [backup] folder."
OLD = "The newest backup is of {made_at:%Y-%m-%d %H:%M} UTC: is the server running?"


def backup_remarks(settings: Settings, now: datetime) -> Iterator[Remark]:
    """The folder, and what lies in it."""
    yield from wrong("backups", _faults(settings))
    yield from noted("backups", _notes(settings, now))


def _faults(settings: Settings) -> Iterator[str]:
    """Whether there is a way for backups, and the newest one can be read from end to end."""
    folder = settings.backup_folder
    if not backing_up.makes_any(settings):
        return
    if folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        yield NO_WAY.format(folder=folder)
    for newest in backups.kept(folder)[:1]:
        try:
            backups.must_be_sound(newest.path)
        except StorageFailed as trouble:
            yield f"backup {newest.path}: {trouble.facts['reason']}"


def _notes(settings: Settings, now: datetime) -> Iterator[str]:
    """A server that runs has made one in the last night."""
    if backing_up.makes_any(settings):
        for newest in backups.kept(settings.backup_folder)[:1]:
            if now - newest.made_at > OLD_AFTER:
                yield OLD.format(made_at=newest.made_at)
