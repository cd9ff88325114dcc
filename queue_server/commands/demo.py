"""`aufruf demo`: a town with people moving, on a throw-away database."""

from __future__ import annotations

import os
import secrets
import shutil
from datetime import timedelta
from pathlib import Path

import click
import gevent
from flask import Flask

from queue_server import supervisor
from queue_server.actions import housekeeping, rules, staff
from queue_server.commands import logs
from queue_server.commands.common import config_option, opened, said_plainly, utc_now
from queue_server.commands.run import (
    CONFIG,
    Server,
    allow_many_sockets,
    must_be_free,
    noted_settings,
)
from queue_server.commands.throw_away import FOLDER, throw_away, throw_away_folder
from queue_server.commands.upkeep import example_file
from queue_server.commands.welcome import FirstStart, prepare, print_welcome
from queue_server.demo.past import PAST_DAYS, write_past
from queue_server.demo.town import Town, clerk_name, clerk_named, free_counter, staffed_counters
from queue_server.domain.site import Site
from queue_server.history.audit import MOST_DAYS, audit_nights
from queue_server.settings import Settings, load_settings
from queue_server.web.app_context import EXTENSION

FILE = "config.toml"
NEWCOMER = "demo"
PASSWORD_BYTES = 6


class DemoServer(Server):
    """The real server, with a town living in it."""

    def __init__(
        self, settings: Settings, speed: float, seed: int, town: type[Town] = Town
    ) -> None:
        self.speed = speed
        self.seed = seed
        self.town = town
        super().__init__(settings)

    def load(self) -> Flask:
        app = super().load()
        context = app.extensions[EXTENSION]
        context.told.is_recorded = self.speed == 1
        town = self.town(self.settings, context.store, speed=self.speed, seed=self.seed)
        town.settle()
        # The past of the town is over, and so is what was kept of its people.
        housekeeping.tidy_records(context.store, now=utc_now())
        gevent.spawn(town.live)
        return app

    def notes(self) -> dict[str, str]:
        return super().notes() | {FOLDER: str(self.settings.server.data_dir)}

    def end(self) -> None:
        """Leave nothing behind."""
        super().end()
        shutil.rmtree(self.settings.server.data_dir, ignore_errors=True)


@click.command()
@config_option
@click.option("--host", help="Listen here instead of [server] host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen here instead of [server] port.")
@click.option(
    "--speed",
    type=click.FloatRange(1, 60),
    default=10,
    show_default=True,
    help="How many minutes of work pass in one.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another town for each seed.")
@said_plainly
def demo(config: Path | None, host: str | None, port: int | None, speed: float, seed: int) -> None:
    """Show a town with people moving, on a throw-away database. Writes nothing elsewhere.

    Without a configuration it is the town of the example.
    """
    logs.install()
    allow_many_sockets()
    config = _office(config)
    with throw_away_folder() as folder:
        real = noted_settings(config, CONFIG, always_open=True)
        settings = throw_away(real.listening(host, port), folder)
        if supervisor.handover.is_first:
            must_be_free(settings.server.host, settings.server.port)
            welcome = _set_up(settings, load_settings(config).sites, seed)
            print_welcome(settings, welcome, what_to_try(settings, speed))
        DemoServer(settings, speed, seed).run()


def _office(config: Path | None) -> Path | None:
    """The office's own file; a newcomer who has none yet is shown the example."""
    has_own = config or os.environ.get("AUFRUF_CONFIG") or Path(FILE).exists()
    return config if has_own else example_file()


def _set_up(settings: Settings, sites: tuple[Site, ...], seed: int) -> FirstStart:
    """A database with a past, and what is shown of it once."""
    first = prepare(settings)
    _set_rules(settings)
    password = _hire(settings)
    _remember(settings, sites, seed)
    return FirstStart(password, first.codes, NEWCOMER)


def _set_rules(settings: Settings) -> None:
    """The rule holds from the beginning of the past that is made up for the town."""
    before = utc_now() - timedelta(days=PAST_DAYS + 1)
    with opened(settings) as store:
        for site in settings.sites:
            rules.note(store, site, now=before)


def _remember(settings: Settings, sites: tuple[Site, ...], seed: int) -> None:
    """Days that the town has behind it, by the hours of `sites`: the demo itself never closes."""
    with opened(settings) as store:
        with store.snapshot() as snapshot:
            clerks = {
                site.id: {
                    counter.id: clerk_named(snapshot, clerk_name(settings, counter)).id
                    for counter in staffed_counters(settings, site)
                }
                for site in settings.sites
            }
        write_past(store, sites, clerks, now=utc_now(), seed=seed)
        for site in sites:
            # The first night is the one before the oldest that would be caught up with.
            for days in (MOST_DAYS, 0):
                night = utc_now() - timedelta(days=days)
                # Invented days are no news for the terminal.
                audit_nights(store, site, now=night, tell=lambda *_: None)


def _hire(settings: Settings) -> str:
    """Accounts for the town's clerks, who never sign in, and one for the newcomer."""
    password = secrets.token_urlsafe(PASSWORD_BYTES) + "-demo"
    closed = staff.hash_password(secrets.token_urlsafe())
    with opened(settings) as store:
        for site in settings.sites:
            for counter in staffed_counters(settings, site):
                name = clerk_name(settings, counter)
                staff.add_clerk(store, name, site.id, "clerk", closed, now=utc_now())
        first = settings.sites[0].id
        staff.add_clerk(
            store, NEWCOMER, first, "lead", staff.hash_password(password), now=utc_now()
        )
    return password


def what_to_try(settings: Settings, speed: float) -> list[str]:
    counter = free_counter(settings).name
    return [
        f"People come and go at {speed:g} times the usual speed; the database is thrown away.",
        f"At the desk open {counter} (it is free) and call the next person.",
        f"Book at {settings.public_url}/termin and open the letter in the folder below.",
        f"The office remembers {PAST_DAYS} days: {settings.public_url}/office/figures",
    ]
