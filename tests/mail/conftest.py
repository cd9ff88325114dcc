"""A mailroom beside the town: its postman, its outbox, and a mail server that is real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queue_server.mail.carriers import Carrier
from queue_server.mail.contents import contents_of
from queue_server.mail.postman import Postman
from queue_server.mail.smtp import SmtpCarrier, server_from
from queue_server.mail.writing import written
from queue_server.queries.outbox_status import Post, post
from queue_server.settings import Mail, ServerSettings, Settings
from queue_server.store import letters
from queue_server.store.letters import Letter, LetterKind
from tests.mailbox import SENDER, Mailbox, Received
from tests.premises import settings_of
from tests.town import Town

PUBLIC = "https://termine.musterstadt.example"
TUESDAY = date(2026, 3, 3)
PATIENCE_SECONDS = 20.0
"""How long a postman of the tests waits for a server, unless it is silent by intention."""


class Mailroom:
    """What a test says about letters. `mail` is what config.toml says about them."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.town = town
        self.folder = folder
        self.mail = Mail(sender=SENDER)
        self.patience_seconds = PATIENCE_SECONDS

    def use(self, smtp_url: str, **more: Any) -> None:
        """As if [mail] said so."""
        self.mail = replace(self.mail, smtp_url=smtp_url, **more)

    @property
    def settings(self) -> Settings:
        return settings_of(
            self.town.sites,
            self.folder,
            server=ServerSettings(data_dir=self.folder, public_url=PUBLIC),
            mail=self.mail,
        )

    @property
    def postman(self) -> Postman:
        """A new one each time: whatever it knows, it knows from the database."""
        if self.mail.folder or not self.mail.is_on:
            return Postman(self.town.store, self.settings)
        return Postman(self.town.store, self.settings, carrier=self._impatient)

    def _impatient(self) -> Carrier:
        server = server_from(self.mail, PUBLIC)
        return SmtpCarrier(replace(server, timeout_seconds=self.patience_seconds))

    def collect(self) -> int:
        return self.postman.collect(self.town.now)

    def remind(self) -> int:
        return self.postman.remind(self.town.now)

    def round(self) -> int:
        return self.postman.round(self.town.now)

    # -- looking -----------------------------------------------------------------------------

    def outbox(self, state: str = "waiting") -> list[Letter]:
        """Letters in this state, the oldest first."""
        with self.town.store.snapshot() as snapshot:
            rows = snapshot.rows(
                "SELECT appointment FROM letters WHERE state = :state GROUP BY appointment",
                {"state": state},
            )
            found = [each for row in rows for each in letters.of(snapshot, row["appointment"])]
        return sorted((each for each in found if each.state == state), key=lambda each: each.id)

    def kinds(self, state: str = "waiting") -> list[LetterKind]:
        return [letter.kind for letter in self.outbox(state)]

    def status(self, site: str = "") -> Post:
        with self.town.store.snapshot() as snapshot:
            return post(snapshot, self.town.now, site=site)

    def written(self, letter: Letter | None = None) -> Received:
        """The newest waiting letter, or this one, as it would arrive now; nothing is sent."""
        letter = letter or self.outbox()[-1]
        with self.town.store.snapshot() as snapshot:
            contents = contents_of(snapshot, self.settings, letter, self.town.now)
        assert contents is not None, "nobody needs this letter"
        return Received(SENDER, contents.email, bytes(written(contents, SENDER, PUBLIC)))


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that delivers, until a test tells it otherwise."""
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def mailroom(town: Town, tmp_path: Path) -> Mailroom:
    """Mail is switched off until a test says where letters go."""
    return Mailroom(town, tmp_path)
