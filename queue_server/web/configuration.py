"""config.toml while the server runs: changed by a page of the office, or by hand beside it.

The file is the one truth. What a page changes is checked as a whole, shown, written, and in force
with the answer; changes made by hand are found within seconds and taken over automatically when it
is right. Sockets stay connected: only the settings behind them are others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from queue_server.actions import settings_change
from queue_server.domain.errors import NotFound, StorageFailed
from queue_server.domain.site import Site
from queue_server.queries.settings_effects import InUse, lost_in
from queue_server.settings import ConfigError, Settings, load_settings
from queue_server.settings.editing import Change, edited
from queue_server.settings.editing.difference import (
    ChangedLines,
    changed_keys,
    changed_lines,
    site_marks,
)
from queue_server.settings.editing.file import NotWritten, fingerprint, write
from queue_server.settings.load import config_text
from queue_server.settings.practising import practising
from queue_server.settings.problems import NamedProblem
from queue_server.store.transaction import Store
from queue_server.web.pools import Pools, Turns

# What is bound at the start: an address, a database, the limits of the worker.
A_MINUTE = timedelta(minutes=1)
AT_A_START = (
    "server.host", "server.port", "server.data_dir", "server.behind_proxy",
    "server.connections_per_address", "server.body_seconds", "database", "realtime",
)  # fmt: skip


class ConfiguredServer(Protocol):
    """What the configuration needs of the application."""

    settings: Settings
    store: Store
    pools: Pools


@dataclass(frozen=True, slots=True)
class Proposal:
    """Settings as they would be. `base` is the fingerprint of the text that they change.

    `in_use` and `needs_start` say why they can't be in force yet.
    """

    base: str
    text: str
    settings: Settings
    keys: Sequence[str]
    changed_lines: Sequence[ChangedLines]
    in_use: Sequence[InUse]
    needs_start: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class HandEdit:
    """The file was changed by hand and is not in force.

    `problems` say why, with their lines, and `named` has more about them, as in `ConfigError`.
    `needs_start` names keys of sites that only a start can bring; `in_use` what people count on.
    """

    seen_at: datetime = field(compare=False)
    problems: Sequence[str] = ()
    named: Mapping[str, NamedProblem] = field(default_factory=dict)
    needs_start: Sequence[str] = ()
    in_use: Sequence[InUse] = ()


@dataclass
class Configuration:
    """The settings in force, and the file that they came from.

    `on_change` hears of new settings before anybody is told that they are in force.
    """

    context: ConfiguredServer
    on_change: list[Callable[[Settings], None]] = field(default_factory=list)
    hand_edit: HandEdit | None = None
    at_start: str = ""
    """The text with which the first server began; others may have taken its place."""
    _seen: tuple[int, int, int] | None = None
    _turns: Turns = field(default_factory=Turns)

    def __post_init__(self) -> None:
        self.at_start = self.at_start or self.context.settings.text

    @property
    def base(self) -> str:
        """The fingerprint of the text that is in force."""
        return fingerprint(self.context.settings.text)

    @property
    def waits_for_a_start(self) -> list[str]:
        """Keys that stand in the file and are in force only after the next start."""
        keys = changed_keys(self.at_start, self.context.settings.text)
        return [key for key in keys if key.startswith(AT_A_START)]

    def proposal(self, changes: Sequence[Change], now: datetime) -> Proposal:
        """What these changes would make of the settings in force. Nothing is written.

        Raises `NotEditable`, and `ConfigError` with every problem of the whole resulting file.
        """
        settings = self.context.settings
        return self.context.pools.reports(
            lambda: self._proposed(settings, edited(settings.text, changes), now)
        )

    def put_back(self, text: str, now: datetime) -> Proposal:
        """What this whole text in place of the one in force would mean. Nothing is written.

        Raises `ConfigError` with every problem of the text.
        """
        settings = self.context.settings
        return self.context.pools.reports(lambda: self._proposed(settings, text, now))

    def save(self, proposal: Proposal, site: Site, clerk: int, now: datetime) -> None:
        """Write the proposal, and let it be in force. Raises `NotWritten`, `StorageFailed`.

        Somebody who saved in between, or edited the file by hand, goes first: `changed`. What the
        hand did is then in force, or told, at once.
        """
        try:
            self._save(proposal, site, clerk, now)
        except NotWritten as refusal:
            if refusal.why == "changed":
                self.look(now)
            raise

    def _save(self, proposal: Proposal, site: Site, clerk: int, now: datetime) -> None:
        with self._turns.after_own("config"):
            if proposal.base != self.base:
                raise NotWritten("changed")
            if proposal.text == self.context.settings.text:
                return
            if self.context.settings.is_throw_away:
                raise NotWritten("demo")
            self._write(proposal.text, self.base, now)
            try:
                keys = self._keys_by_site(proposal.settings) or {site.id: []}
                self._take_over(proposal.settings, keys, clerk, now)
            except StorageFailed:
                # What is not in the journal is not in force, and must not be so after a start.
                self._write(self.context.settings.text, fingerprint(proposal.text), now)
                raise

    def look(self, now: datetime) -> bool:
        """Whether a hand has changed the file since; what is right is in force afterwards.

        What is shown or practised is made of the file and is not the file: it stays as it began.
        """
        if self.context.settings.is_throw_away:
            return False
        path = self.context.settings.path
        with self._turns.after_own("config"):
            mark = _mark(path)
            if mark == self._seen and not self._may_have_settled(now):
                return False
            # A change while we read shows at the next look.
            found = self.context.pools.reports(lambda: self._read(now))
            was_told, self.hand_edit = (
                self.hand_edit,
                found if isinstance(found, HandEdit) else None,
            )
            if isinstance(found, Settings):
                self._take_over(found, self._keys_by_site(found), None, now)
            self._seen = mark
            return found is not None and found != was_told

    def _may_have_settled(self, now: datetime) -> bool:
        """What people counted on a minute ago they may have finished with."""
        found = self.hand_edit
        return found is not None and bool(found.in_use) and now - found.seen_at >= A_MINUTE

    def _proposed(self, settings: Settings, text: str, now: datetime) -> Proposal:
        newer = settings.taken_over(_loaded(settings, text))
        needs_start = list(_needs_start(settings, newer))
        in_use = [] if needs_start else list(self._lost(settings, newer, now))
        return Proposal(
            fingerprint(settings.text),
            text,
            newer,
            changed_keys(settings.text, text),
            changed_lines(settings.text, text),
            in_use,
            needs_start,
        )

    def _read(self, now: datetime) -> Settings | HandEdit | None:
        """The settings of the file; why they can't be in force; or None when they are."""
        settings = self.context.settings
        try:
            text = config_text(settings.path)
            if text == settings.text:
                return None
            newer = settings.taken_over(_loaded(settings, text))
        except ConfigError as error:
            return HandEdit(now, problems=error.problems, named=error.named)
        needs_start = list(_needs_start(settings, newer))
        in_use = [] if needs_start else list(self._lost(settings, newer, now))
        if needs_start or in_use:
            return HandEdit(now, needs_start=needs_start, in_use=in_use)
        return newer

    def _lost(self, old: Settings, new: Settings, now: datetime) -> Iterator[InUse]:
        with self.context.store.snapshot() as snapshot:
            for site in old.sites:
                yield from lost_in(snapshot, site, new.site(site.id), now)

    def _keys_by_site(self, newer: Settings) -> dict[str, list[str]]:
        """What has changed, each key at its site; what belongs to the server, at the first."""
        found: dict[str, list[str]] = {}
        for key in changed_keys(self.context.settings.text, newer.text):
            ids = [site.id for site in newer.sites if f"{key}.".startswith(f"site.{site.id}.")]
            found.setdefault(ids[0] if ids else newer.sites[0].id, []).append(key)
        return found

    def _take_over(
        self, newer: Settings, keys: dict[str, list[str]], clerk: int | None, now: datetime
    ) -> None:
        old = self.context.settings
        by = settings_change.FILE if clerk is None else settings_change.OFFICE
        marks = site_marks(newer.text)
        for site in newer.sites:
            if site.id in keys:
                before = next((each for each in old.sites if each.id == site.id), site)
                settings_change.note(
                    self.context.store,
                    before,
                    site,
                    keys[site.id],
                    by=by,
                    clerk=clerk,
                    mark=marks.get(site.id, ""),
                    now=now,
                )
        self.context.settings = newer
        self.hand_edit = None
        for tell in self.on_change:
            tell(newer)

    def _write(self, text: str, expected: str, now: datetime) -> None:
        path = self.context.settings.path
        self.context.pools.reports(lambda: write(path, text, expected=expected, now=now))


def _loaded(settings: Settings, text: str) -> Settings:
    found = load_settings(settings.path, os.environ, always_open=settings.always_open, text=text)
    return practising(found) if settings.is_practice else found


def _needs_start(old: Settings, new: Settings) -> Iterator[str]:
    """A site that is gone has people and sockets still; another time zone moves the day."""
    for site in old.sites:
        try:
            if new.site(site.id).zone != site.zone:
                yield f"site.{site.id}.timezone"
        except NotFound:
            yield f"site.{site.id}"


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Changes with the file; None when it can't be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
