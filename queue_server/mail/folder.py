"""Letters as .eml files in a folder instead of being sent, to try everything out."""

from __future__ import annotations

import os
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path

from queue_server.mail.trouble import ServerTrouble


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
