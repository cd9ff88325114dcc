"""`aufruf demo`: a town with people moving, on a throw-away database."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import gevent
from flask import Flask

from queue_server.actions import rules, staff
from queue_server.commands.common import config_option, opened, said_plainly, utc_now
from queue_server.commands.first_start import FirstStart, prepare, print_addresses
from queue_server.commands.run import Server, allow_many_sockets
from queue_server.demo.town import MORNING, Town, clerk_name, free_counter, staffed_counters
from queue_server.settings import SQLITE, Mail, Settings, load_settings
from queue_server.web.hall import EXTENSION

NEWCOMER = "demo"
PASSWORD_BYTES = 6


class DemoServer(Server):
    """The real server, with a town living in it."""

    def __init__(self, settings: Settings, speed: float, seed: int) -> None:
        self.speed = speed
        self.seed = seed
        super().__init__(settings)

    def load(self) -> Flask:
        app = super().load()
        town = Town(
            self.settings, app.extensions[EXTENSION].store, speed=self.speed, seed=self.seed
        )
        town.settle()
        gevent.spawn(town.live)
        return app


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
    """Show a town with people moving, on a throw-away database. Writes nothing elsewhere."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    allow_many_sockets()
    with throw_away_folder() as folder:
        settings = _throw_away(
            load_settings(config, always_open=True).listening(host, port), folder
        )
        first = prepare(settings)
        _set_rules(settings)
        password = _hire(settings)
        print_addresses(settings, FirstStart(None, first.codes), always_open=True)
        _print_what_to_try(settings, password, speed)
        DemoServer(settings, speed, seed).run()


@contextmanager
def throw_away_folder() -> Iterator[Path]:
    """A folder that is gone when this process ends; a forked worker leaves it alone."""
    folder, mine = Path(tempfile.mkdtemp(prefix="aufruf-demo-")), os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == mine:
            shutil.rmtree(folder, ignore_errors=True)


def _throw_away(settings: Settings, folder: Path) -> Settings:
    """The same settings with everything that is written in this folder."""
    return replace(
        settings,
        server=replace(settings.server, data_dir=folder),
        # Nobody in the town has an address, and no letter of a demo leaves the house.
        mail=Mail(),
        database=replace(
            settings.database, url=f"{SQLITE}{folder / 'demo.db'}", durability="normal"
        ),
    ).trying_out()


def _set_rules(settings: Settings) -> None:
    """The rule holds from the beginning of the morning that the town will have lived through."""
    with opened(settings) as store:
        for site in settings.sites:
            rules.note(store, site, now=utc_now() - MORNING)


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


def _print_what_to_try(settings: Settings, password: str, speed: float) -> None:
    site = settings.sites[0]
    url, counter = settings.public_url, free_counter(settings).name
    click.echo(
        f"People come and go at {speed:g} times the usual speed; the database is thrown away."
    )
    click.echo(f"Sign in at the desk as “{NEWCOMER}” with the password {password}\n")
    if site.displays:
        click.echo(f"  1. Open the wall display {url}/display/{site.displays[0].id} and listen.")
    click.echo(f"  2. Sign in at {url}/desk, open {counter} (it is free), call the next person.")
    if site.kiosks:
        click.echo(f"  3. Pair the kiosk {url}/kiosk/{site.kiosks[0].id}, draw a number, call it.")
    click.echo(
        f"  4. Book an appointment at {url}/termin; open the letter in {settings.mail.folder}."
    )
    click.echo(f"  5. See figures, rules and what would have been at {url}/office.")
    click.echo("", nl=True)
