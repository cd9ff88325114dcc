"""All verbs of the `aufruf` command; each is imported only when it is used."""

from __future__ import annotations

import importlib

import click

from queue_server.settings import VERSION

VERBS = {
    "run": "queue_server.commands.run:run",
    "demo": "queue_server.commands.demo:demo",
    "migrate": "queue_server.commands.upkeep:migrate",
    "check": "queue_server.commands.upkeep:check",
    "clerk": "queue_server.commands.staff:clerk",
    "device": "queue_server.commands.staff:device",
    "backup": "queue_server.commands.upkeep:backup",
    "restore": "queue_server.commands.upkeep:restore",
    "forget": "queue_server.commands.upkeep:forget",
    "export": "queue_server.commands.upkeep:export",
    "simulate": "queue_server.commands.simulate:simulate",
    "what-if": "queue_server.commands.what_if:what_if",
    "audit": "queue_server.commands.audit:audit",
}


class Verbs(click.Group):
    """Imports a verb when it is asked for: `aufruf clerk add` need not load a web server."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        module, _, attribute = VERBS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.command(cls=Verbs)
@click.version_option(VERSION, prog_name="aufruf")
def aufruf() -> None:
    """Counter queue display and call-up system for public offices."""
