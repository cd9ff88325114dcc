"""A town whose courier tells a receiver what happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.domain.webhook import Webhook
from queue_server.queries.webhook_status import WebhookStatus, status_of
from queue_server.settings import Settings
from queue_server.webhooks import sending
from queue_server.webhooks.courier import Courier
from tests.premises import settings_of
from tests.receiver import HookReceiver
from tests.town import Town

SECRET = "ein-langes-geheimnis-für-alle"
QUICK_SECONDS, PATIENCE_SECONDS = 0.3, 60.0


class Hooks:
    """What a test says about webhooks."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.town = town
        self.folder = folder
        self.hooks: tuple[Webhook, ...] = ()
        self.hangs = ""

    def tell(self, url: str, *events: str, name: str = "") -> Webhook:
        """As if there were such a [[webhook]]; it begins now."""
        more = {"events": events} if events else {}
        self.hooks += (Webhook(url, SECRET, name=name, **more),)
        self.courier.collect(self.town.now)
        return self.hooks[-1]

    @property
    def settings(self) -> Settings:
        return settings_of(self.town.sites, self.folder, webhooks=self.hooks)

    @property
    def courier(self) -> Courier:
        """A new one each time: whatever it knows, it knows from the database."""
        return Courier(self.town.store, lambda: self.settings, deliver_by=self._send)

    def _send(self, hook: Webhook, body: str, at: int) -> None:
        # Whoever hangs is given up soon; whoever answers may be slow on a busy machine.
        seconds = QUICK_SECONDS if hook.url == self.hangs else PATIENCE_SECONDS
        sending.send(hook, body, at, seconds)

    def round(self) -> int:
        """Collect and deliver everything that is due; returns how many tries were made."""
        self.courier.collect(self.town.now)
        return sum(self._deliver_all(hook) for hook in self.hooks)

    def _deliver_all(self, hook: Webhook) -> int:
        tries = 0
        while self.courier.deliver(hook, self.town.now):
            tries += 1
        return tries

    def status(self, hook: Webhook | None = None) -> WebhookStatus:
        with self.town.store.snapshot() as snapshot:
            return status_of(snapshot, hook or self.hooks[0], self.town.now)

    def states(self) -> list[str]:
        with self.town.store.snapshot() as snapshot:
            rows = snapshot.rows("SELECT state FROM deliveries ORDER BY id")
        return [row["state"] for row in rows]


@pytest.fixture
def hooks(town: Town, tmp_path: Path) -> Hooks:
    return Hooks(town, tmp_path)


@pytest.fixture
def receiver() -> Iterator[HookReceiver]:
    """Takes everything, until a test tells it otherwise."""
    receiver = HookReceiver()
    yield receiver
    receiver.close()
