"""How letters leave: over SMTP or into a folder, and whether the configured way is open."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import Protocol

from queue_server.mail.smtp import SmtpCarrier, server_from
from queue_server.mail.trouble import ServerTrouble
from queue_server.settings import LETTERS, Mail, Settings
from queue_server.store import letters
from queue_server.store.database import Reader

NAME = re.compile(r"\.?(?P<id>[0-9]{6,})-[a-z_]+(\.eml)?")


class Carrier(Protocol):
    """A way for letters to leave. `carry` and `check` raise the kinds of `Trouble`."""

    def carry(self, name: str, sender: str, to: str, message: EmailMessage) -> None: ...

    def check(self, sender: str) -> None: ...

    def close(self) -> None: ...


def carrier_for(mail: Mail, public_url: str) -> Carrier:
    """The way that the settings name. Raises `ServerTrouble` when they name none."""
    if mail.folder is not None:
        return FolderCarrier(mail.folder)
    return SmtpCarrier(server_from(mail, public_url))


def fault_in(mail: Mail, public_url: str) -> str:
    """What is wrong with the way out, for somebody at a shell; empty when letters would go.

    Goes as far as naming the sender to the server; no letter is sent.
    """
    where = "[mail] smtp_url"
    try:
        carrier = carrier_for(mail, public_url)
        where = str(carrier)
        try:
            carrier.check(mail.sender)
        finally:
            carrier.close()
    except ServerTrouble as trouble:
        return f"mail: {where} {trouble.sentence}"
    return ""


class FolderCarrier:
    """Puts letters where [mail] smtp_url = "file:FOLDER" says; for its owner's eyes only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __str__(self) -> str:
        return f"the folder {self._folder}"

    def carry(self, name: str, sender: str, to: str, message: EmailMessage) -> None:
        """Write `name`.eml, whole or not at all. Raises `ServerTrouble`."""
        try:
            self.check(sender)
            half_written = self._folder / f".{name}"
            opened = os.open(half_written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(opened, "wb") as file:
                file.write(message.as_bytes(policy=SMTP if to.isascii() else SMTPUTF8))
            half_written.rename(self._folder / f"{name}.eml")
        except OSError:
            raise ServerTrouble("folder") from None

    def check(self, sender: str) -> None:
        """Make the folder where there is none. Raises `ServerTrouble`."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise ServerTrouble("folder") from None
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise ServerTrouble("folder")

    def close(self) -> None:
        """Nothing stays open."""


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
