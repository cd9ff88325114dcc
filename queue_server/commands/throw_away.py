"""A server whose every file is gone when it ends."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from queue_server import supervisor
from queue_server.domain.database_address import SQLITE
from queue_server.settings import Mail, Settings

FOLDER = "folder"


@contextmanager
def throw_away_folder() -> Iterator[Path]:
    """A folder that is gone at the end; a server that follows another goes on in the same one."""
    # Until it serves, and gunicorn has a better way.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    folder = Path(supervisor.handover.note(FOLDER) or tempfile.mkdtemp(prefix="aufruf-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def throw_away(settings: Settings, folder: Path) -> Settings:
    """The same settings with everything that is written in this folder."""
    return replace(
        settings,
        server=replace(settings.server, data_dir=folder),
        is_throw_away=True,
        # Nobody in the town has an address, and no letter of a demo is sent.
        mail=Mail(),
        # Nor does anybody hear of its visitors.
        webhooks=(),
        database=replace(
            settings.database, url=f"{SQLITE}{folder / 'demo.db'}", durability="normal"
        ),
    ).trying_out()
