"""`aufruf simulate`: a queue with known answers, and days of the configured office.

Needs no database; what happens in it depends on the options and the seed alone.
"""

from __future__ import annotations

import click

from queue_server.commands.simulate_day import day
from queue_server.commands.simulate_queue import queue


@click.group()
def simulate() -> None:
    """Play a queue or an office day, to see what a rule or a load does to waiting times."""


simulate.add_command(queue)
simulate.add_command(day)
