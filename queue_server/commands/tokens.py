"""`aufruf token …`: rights for programs, before and while the server runs."""

from __future__ import annotations

from pathlib import Path

import click

from queue_server.actions import tokens
from queue_server.commands.common import config_option, opened, said_plainly, settings_of, utc_now
from queue_server.store import api_tokens


@click.group()
def token() -> None:
    """Give rights to programs that use the API, and take them away."""


@token.command("add")
@click.argument("name")
@click.option("--site", required=True, help="The site's id in config.toml.")
@click.option("--scope", type=click.Choice(api_tokens.SCOPES), required=True,
              help="What it may do; the least that will do.")  # fmt: skip
@config_option
@said_plainly
def add_token(name: str, site: str, scope: str, config: Path | None) -> None:
    """Print a new token for a program, alone on stdout and only this once.

    read sees what clerks see and changes nothing, kiosk gives out numbers and checks in, clerk
    does what clerks do, lead also has statistics and the calling rule.
    """
    settings = settings_of(config)
    settings.site(site)
    with opened(settings) as store:
        click.echo(tokens.add(store, name, site, scope, now=utc_now()))


@token.command("revoke")
@click.argument("name")
@config_option
@said_plainly
def revoke_token(name: str, config: Path | None) -> None:
    """Take all rights from a program, at once."""
    with opened(settings_of(config)) as store:
        tokens.revoke(store, name, now=utc_now())
    click.echo(f"{name}: revoked.")


@token.command("list")
@config_option
@said_plainly
def list_tokens(config: Path | None) -> None:
    """List programs with their rights and when they were last here (not the tokens themselves)."""
    with opened(settings_of(config)) as store, store.snapshot() as snapshot:
        for found in api_tokens.of_site(snapshot):
            used = f"last used {found.seen_at:%Y-%m-%d %H:%M} UTC" if found.seen_at else "unused"
            click.echo(f"{found.site}\t{found.scope}\t{found.name}\t{used}")
