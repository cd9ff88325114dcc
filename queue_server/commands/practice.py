"""`aufruf practice`: an office to practise in, beside the real one and apart from it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import click

from queue_server import supervisor
from queue_server.actions import rules, staff
from queue_server.commands import logs
from queue_server.commands.common import config_option, opened, said_plainly, utc_now
from queue_server.commands.demo import DemoServer
from queue_server.commands.run import CONFIG, allow_many_sockets, must_be_free, noted_settings
from queue_server.commands.throw_away import throw_away, throw_away_folder
from queue_server.commands.welcome import prepare
from queue_server.demo.town import MORNING, PracticeTown, invented_clerks
from queue_server.settings import Settings
from queue_server.settings.practising import practising
from queue_server.web.practice import trainee_names


@click.command()
@config_option
@click.option("--host", help="Listen here instead of [server] host.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Listen here instead of behind [server] port."
)
@click.option(
    "--speed",
    type=click.FloatRange(1, 60),
    default=3,
    show_default=True,
    help="How many minutes of work pass in one.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Other visitors for each seed."
)
@said_plainly
def practice(
    config: Path | None, host: str | None, port: int | None, speed: float, seed: int
) -> None:
    """Serve an office to practise in: invented visitors, no passwords, a throw-away database.

    Sends no letters and messages, prints nothing, tells no other system.
    """
    logs.install()
    allow_many_sockets()
    with throw_away_folder() as folder:
        real = noted_settings(config, CONFIG, always_open=True)
        settings = practising(
            throw_away(real.listening(host, port or real.server.port + 1), folder)
        )
        if supervisor.handover.is_first:
            must_be_free(settings.server.host, settings.server.port)
            prepare(settings)
            _hire(settings)
            click.echo("\n".join(_welcome(settings, real)))
        DemoServer(settings, speed, seed, PracticeTown).run()


def _hire(settings: Settings) -> None:
    """Accounts of invented clerks and of whoever practises; nobody knows their passwords."""
    closed, now = staff.hash_password(secrets.token_urlsafe()), utc_now() - MORNING
    with opened(settings) as store:
        for site in settings.sites:
            rules.note(store, site, now=now)
            for name in invented_clerks(settings, site):
                staff.add_clerk(store, name, site.id, "clerk", closed, now=now)
            for name in trainee_names(settings, site):
                staff.add_clerk(store, name, site.id, "lead", closed, now=now)


def _welcome(settings: Settings, real: Settings) -> Iterator[str]:
    yield from ("", f"Practise at {settings.public_url}/login   (Ctrl-C stops it)", "")
    yield "Visitors are invented, nobody needs a password, and all is thrown away at the end."
    if not real.server.practice_url:
        yield "With this address as [server] practice_url the real sign-in page leads here."
    yield ""
