"""A messenger beside the town, and a push service that is real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.actions import ticket_holder
from queue_server.push.messenger import Messenger
from queue_server.settings import Push, Settings
from queue_server.store import subscriptions
from tests.phone import CONTACT, Phone, PushService
from tests.premises import settings_of
from tests.town import Town, Visitor


class Pushes:
    """What a test says about phones: who wants to be told, and what they were told."""

    def __init__(self, town: Town, folder: Path, service: PushService) -> None:
        self.town, self.service, self.phone = town, service, Phone()
        self.folder, self.push = folder, Push(True, CONTACT, local_endpoints=True)

    @property
    def settings(self) -> Settings:
        return settings_of(self.town.sites, self.folder, push=self.push)

    def subscribe(self, who: Visitor, language: str = "", url: str = "") -> None:
        """As the visitor's page does it; nothing on it says that it is soon."""
        to = self.phone.at(url or self.service.url())
        ticket_holder.subscribe(self.town.store, who.token, to, language)

    def round(self) -> int:
        """A messenger that knows nothing but the database looks once, and sends."""
        return Messenger(self.town.store, self.settings, lambda: self.town.now).round()

    def told(self) -> list[tuple[str, str]]:
        """Title and body of each message, as the phone reads them."""
        said = [self.phone.read(each.sealed) for each in self.service.delivered]
        return [(each["title"], each["body"]) for each in said]

    def count(self) -> int:
        with self.town.store.snapshot() as snapshot:
            return subscriptions.count(snapshot)


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def pushes(town: Town, tmp_path: Path, service: PushService) -> Pushes:
    return Pushes(town, tmp_path, service)
