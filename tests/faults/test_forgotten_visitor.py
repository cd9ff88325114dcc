"""Booked, written to, backed up, called by push and webhook, served, forgotten: no byte is left."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from queue_server.actions import backing_up, ticket_holder
from queue_server.domain.webhook import Webhook
from queue_server.serving_app import forget
from queue_server.settings import Settings
from queue_server.settings.editing import file as config_file
from queue_server.web.app_context import AppContext
from queue_server.webhooks.courier import Courier
from tests.mail.conftest import Mailroom
from tests.phone import Phone
from tests.town import Town, Visitor

NAME, EMAIL, PHONE = "Zacharias Quellenhofer", "quellenhofer@example.org", "0176 5550123"
PUSH = "https://push.example/quellenhofers-telefon"
SECRETS = [each.encode() for each in ("Quellenhofer", EMAIL, PHONE, PUSH, "Zacharias")]


def traces(folder: Path) -> set[str]:
    """The kinds of files with something of the person in them."""
    return {
        file.parent.name if file.parent != folder else file.name
        for file in folder.rglob("*")
        if file.is_file() and any(secret in file.read_bytes() for secret in SECRETS)
    }


@pytest.fixture
def mailroom(town: Town, tmp_path: Path) -> Mailroom:
    room = Mailroom(town, tmp_path)
    room.use(f"file:{tmp_path}/post")
    return room


@pytest.fixture
def context(town: Town, mailroom: Mailroom, tmp_path: Path) -> AppContext:
    """A running server with everything that could keep a name."""
    hooks = (Webhook("http://localhost:9/akte", "ein-langes-geheimnis"),)
    settings = replace(mailroom.settings, webhooks=hooks)
    settings.path.write_text("# before")
    expected = config_file.fingerprint("# before")
    config_file.write(settings.path, "# after", expected=expected, now=town.now)
    backing_up.back_up(town.store, settings, now=town.now)
    Courier(town.store, lambda: settings).collect(town.now)
    return AppContext(settings, town.store, lambda: town.now)


def night(town: Town, settings: Settings) -> None:
    """The server makes its backup."""
    town.pass_time(days=1)
    town.set_clock("03:40")
    assert backing_up.back_up(town.store, settings, now=town.now)


def visit(town: Town, mailroom: Mailroom, settings: Settings) -> None:
    """One comes who booked at home, and one who phoned, with the whole night between."""
    day = town.today.replace(day=town.today.day + 1)
    online = town.book("Meldewesen", at="09:30", day=day, email=EMAIL, name=NAME)
    town.confirm(online)
    phoned = town.booked("Meldewesen", at="10:00", day=day, name=NAME, email=EMAIL, phone=PHONE)
    mailroom.round()
    night(town, settings)
    town.set_clock("09:30")
    for each in (online, phoned):
        follow(town, town.check_in(each))
        assert town.serve_next(minutes=5)
        Courier(town.store, lambda: settings).collect(town.now)


def follow(town: Town, who: Visitor) -> None:
    ticket_holder.subscribe(town.store, who.token, Phone().at(PUSH), "de")


def test_after_the_days_for_people_and_for_backups_no_byte_of_a_visitor_is_left(
    town: Town, mailroom: Mailroom, context: AppContext, tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    visit(town, mailroom, context.settings)
    assert {"town.db-wal", "post", "backups"} <= traces(tmp_path)

    town.pass_time(days=3)
    forget(context)
    assert traces(tmp_path) == {"backups"}, "backups are kept for their days"
    assert list((tmp_path / "post").iterdir()) == []

    town.pass_time(days=5)
    forget(context)
    backing_up.back_up(town.store, context.settings, now=town.now)

    assert traces(tmp_path) == set()
    with town.store.snapshot() as snapshot:
        told = snapshot.rows("SELECT body FROM deliveries")
    assert len(told) > 3, "the outbox of webhooks was looked through, too"
    assert [secret for secret in SECRETS if secret.decode() in caplog.text] == []


def test_letters_to_people_who_are_known_and_files_of_others_stay(
    town: Town, mailroom: Mailroom, context: AppContext, tmp_path: Path
) -> None:
    town.booked("Kfz", at="11:00", name=NAME, email=EMAIL)
    mailroom.round()
    (tmp_path / "post" / "note.eml").write_text("somebody's own")

    forget(context)

    names = {file.name for file in (tmp_path / "post").iterdir()}
    assert names == {"000001-booked.eml", "note.eml"}


def test_a_reader_that_holds_up_the_wiping_is_told_in_the_log(
    town: Town,
    context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("queue_server.serving_app.WIPED_WITHIN_SECONDS", 0)
    town.draw("Kfz")
    with town.store.snapshot() as reader:
        assert reader.row("SELECT id FROM tickets")
        town.draw("Kfz")
        forget(context)
        assert town.store.unwiped_seconds > 0
        assert caplog.text == ""
        forget(context)
    assert "kept deleted data in the database's log" in caplog.text

    town.store.tidy()

    assert town.store.unwiped_seconds == 0
