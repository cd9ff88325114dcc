"""`aufruf clerk …` and `aufruf device …`: before and while the server runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from queue_server.actions import staff, team
from queue_server.commands.common import config_option, opened, said_plainly, settings_of, utc_now
from queue_server.store import identities
from queue_server.store.identities import Device

PLACES = ("kiosk", "display")


@click.group()
def clerk() -> None:
    """Add and remove clerks, set passwords."""


@clerk.command("add")
@click.argument("name")
@click.option("--site", required=True, help="The site's id in config.toml.")
@click.option("--role", type=click.Choice(identities.ROLES), default="clerk", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@config_option
@said_plainly
def add_clerk(name: str, site: str, role: str, password_stdin: bool, config: Path | None) -> None:
    """Add a clerk who may sign in at a site."""
    settings = settings_of(config)
    settings.site(site)
    team.check_name(name)
    password_hash = staff.hash_password(_password(password_stdin))
    with opened(settings) as store:
        staff.add_clerk(store, name, site, role, password_hash, by_command=True, now=utc_now())
    click.echo(f"{name} may sign in at {site} ({role}).")


@clerk.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@config_option
@said_plainly
def set_password(name: str, password_stdin: bool, config: Path | None) -> None:
    """Set a new password; open sessions of the clerk end."""
    settings = settings_of(config)
    password_hash = staff.hash_password(_password(password_stdin))
    with opened(settings) as store:
        staff.set_password(store, name, password_hash, now=utc_now())
    click.echo(f"New password for {name}; open sessions have ended.")


@clerk.command("remove")
@click.argument("name")
@config_option
@said_plainly
def remove_clerk(name: str, config: Path | None) -> None:
    """Remove a clerk; the journal keeps only the number."""
    with opened(settings_of(config)) as store:
        staff.remove_clerk(store, name, now=utc_now())
    click.echo(f"{name} can't sign in any more.")


@click.group()
def device() -> None:
    """Pair and revoke kiosks and displays."""


@device.command("add")
@click.argument("role", type=click.Choice(PLACES))
@click.argument("id")
@config_option
@said_plainly
def add_device(role: str, id: str, config: Path | None) -> None:
    """Print a one-time pairing code for a configured kiosk or display, alone on stdout.

    It is good for seven days.
    """
    settings = settings_of(config)
    site, _ = settings.kiosk(id) if role == "kiosk" else settings.display(id)
    with opened(settings) as store:
        click.echo(staff.expect_device(store, role, site.id, id, by_command=True, now=utc_now()))


@device.command("revoke")
@click.argument("id")
@config_option
@said_plainly
def revoke_device(id: str, config: Path | None) -> None:
    """Revoke every pairing and unused code of this kiosk or display."""
    with opened(settings_of(config)) as store:
        revoked = staff.revoke_devices(store, id, now=utc_now())
    if not revoked:
        raise click.ClickException(f"nothing to revoke: no pairing or code for “{id}”")
    click.echo(f"{id}: revoked.")


@device.command("list")
@config_option
@said_plainly
def list_devices(config: Path | None) -> None:
    """List paired devices and open pairing codes (not the codes themselves)."""
    with opened(settings_of(config)) as store, store.snapshot() as snapshot:
        for found in identities.devices(snapshot):
            sound = f", sound {found.sound}" if found.sound else ""
            click.echo(f"{found.site}\t{found.role}\t{found.place}\t{_pairing(found)}{sound}")


def _pairing(device: Device) -> str:
    if device.paired_at:
        return f"paired {device.paired_at:%Y-%m-%d}"
    if utc_now() > device.code_until:
        return f"code expired; `aufruf device add {device.role} {device.place}` prints a new one"
    return f"waits for pairing until {device.code_until:%Y-%m-%d}"


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return _text(sys.stdin.buffer.readline()).rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _text(line: bytes) -> str:
    """As browsers will send it. Raises ClickException."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise click.ClickException("password: expected text in UTF-8") from None
