"""All commands of the `aufruf` command; each is imported only when it is used."""

from __future__ import annotations

import importlib

import click

from queue_server.settings import VERSION

COMMANDS = {
    "run": "queue_server.commands.run:run",
    "demo": "queue_server.commands.demo:demo",
    "practice": "queue_server.commands.practice:practice",
    "example": "queue_server.commands.upkeep:example",
    "migrate": "queue_server.commands.upkeep:migrate",
    "check": "queue_server.commands.check:check",
    "clerk": "queue_server.commands.staff:clerk",
    "device": "queue_server.commands.staff:device",
    "token": "queue_server.commands.tokens:token",
    "backup": "queue_server.commands.upkeep:backup",
    "restore": "queue_server.commands.upkeep:restore",
    "move": "queue_server.commands.move:move",
    "forget": "queue_server.commands.upkeep:forget",
    "export": "queue_server.commands.upkeep:export",
    "simulate": "queue_server.commands.simulate:simulate",
    "what-if": "queue_server.commands.what_if:what_if",
    "audit": "queue_server.commands.audit:audit",
}


class Commands(click.Group):
    """Imports a command when it is asked for: `aufruf clerk add` need not load a web server."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return command_named(name)


def command_named(name: str) -> click.Command | None:
    """The command itself, which is imported now; None for other words."""
    if name not in COMMANDS:
        return None
    module, _, attribute = COMMANDS[name].partition(":")
    command: click.Command = getattr(importlib.import_module(module), attribute)
    return command


@click.command(cls=Commands)
@click.version_option(VERSION, prog_name="aufruf")
def aufruf() -> None:
    """Counter queue display and call-up system for public offices."""
