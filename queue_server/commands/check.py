"""`aufruf check`: checks everything that an office depends on, and answers in sentences.

Exit code 0: nothing is wrong, notes there may be; 1: something has to be mended; 2: the command
itself was not understood.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from queue_server.commands.checks import AREAS, Remark, wrong
from queue_server.commands.checks.backups import backup_remarks
from queue_server.commands.checks.database import database_remarks
from queue_server.commands.checks.notes import config_notes
from queue_server.commands.checks.others import answers
from queue_server.commands.common import config_option, said_plainly, settings_of, utc_now
from queue_server.commands.options import json_option, print_json
from queue_server.settings import VERSION, ConfigError, Settings


@click.command()
@json_option
@config_option
@said_plainly
def check(config: Path | None, as_json: bool) -> None:
    """Look at configuration, database, disk, clock, mail, printers, devices …: what is wrong?"""
    try:
        settings = settings_of(config)
    except ConfigError as error:
        if not as_json:
            raise
        _end(wrong("config", error.problems), as_json=True)
    else:
        _end(_remarks(settings), as_json, str(settings.path))


def _remarks(settings: Settings) -> list[Remark]:
    now = utc_now()
    return [
        *database_remarks(settings, now),
        *backup_remarks(settings, now),
        *answers(settings, now),
        *config_notes(settings, now),
    ]


def _end(remarks: Sequence[Remark], as_json: bool, where: str = "") -> None:
    """While something is wrong, people are told of nothing else; programs always hear it all."""
    is_fine = not any(remark.is_wrong for remark in remarks)
    if as_json:
        _print_for_programs(remarks, is_fine)
    else:
        for remark in remarks:
            if remark.is_wrong or is_fine:
                click.echo(remark.text, err=True)
        if is_fine:
            click.echo(f"{where}: nothing is wrong.")
    if not is_fine:
        sys.exit(1)


def _print_for_programs(remarks: Sequence[Remark], is_fine: bool) -> None:
    """Every area is named, so that one that is fine differs from one that is not looked at."""
    areas = {
        area: {
            "wrong": [each.text for each in remarks if each.area == area and each.is_wrong],
            "notes": [each.text for each in remarks if each.area == area and not each.is_wrong],
        }
        for area in AREAS
    }
    print_json({"fine": is_fine, "version": VERSION, "areas": areas})
