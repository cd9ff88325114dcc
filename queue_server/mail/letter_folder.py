"""Letters that were put into a folder: nobody who is forgotten may stand there any longer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from queue_server.settings import LETTERS, Settings
from queue_server.store import letters
from queue_server.store.database import Reader

NAME = re.compile(r"\.?(?P<id>[0-9]{6,})-[a-z_]+(\.eml)?")


def forget_letters(reader: Reader, settings: Settings) -> int:
    """Delete the letters to everybody who is forgotten; returns how many. Raises OSError.

    Of the configured folder, and of the one that Aufruf takes by itself to try things out.
    """
    found = list(_letters_in(settings))
    known = letters.ids_to_people(reader) if found else set()
    old = [file for id, file in found if id not in known]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _letters_in(settings: Settings) -> Iterator[tuple[int, Path]]:
    """Our own files alone, written whole or by half."""
    folders = {settings.server.data_dir / LETTERS, settings.mail.folder}
    for folder in (each for each in folders if each is not None and each.is_dir()):
        for file in folder.iterdir():
            if named := NAME.fullmatch(file.name):
                yield int(named["id"]), file
