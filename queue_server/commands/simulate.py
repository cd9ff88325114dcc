"""`aufruf simulate`: a queue whose answers are known from formulas, and days of the office.

Needs no database; what happens in it depends on the options and the seed alone.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from queue_server.commands.common import said_plainly
from queue_server.commands.options import (
    Numbers,
    heads,
    json_option,
    print_json,
    progress,
    seed_option,
    sensible,
)
from queue_server.commands.simulate_day import day
from queue_server.simulation.textbook_queue import RULES, QueueModel, QueueResult
from queue_server.simulation.textbook_queue import simulate as play


@click.command()
@click.option("--counters", type=int, default=4, show_default=True, help="Counters, all alike.")
@click.option(
    "--load",
    type=float,
    default=0.9,
    show_default=True,
    help="The share of time that a counter serves, below 1.",
)
@click.option("--minutes", type=float, default=12, show_default=True, help="Mean service time.")
@click.option(
    "--service",
    default="exponential",
    show_default=True,
    help="How services vary: exponential, deterministic or lognormal:CV.",
)
@click.option(
    "--shares",
    type=Numbers(),
    default="50,50",
    show_default=True,
    help="How many come in each class, highest class first.",
)
@click.option(
    "--rule",
    type=click.Choice(RULES),
    default="arrival",
    show_default=True,
    help="Which class goes first.",
)
@click.option(
    "--ratios",
    type=Numbers(),
    default=None,
    help="Credit per minute of each class for accumulating; else each three times the one below.",
)
@click.option(
    "--customers",
    type=int,
    default=500_000,
    show_default=True,
    help="How many are counted; others come before and after them.",
)
@seed_option
@json_option
@said_plainly
@sensible()
def queue(as_json: bool, customers: int, seed: int, **options: Any) -> None:
    """Classes of customers arrive at random (Poisson) and wait for equal counters.

    Prints waiting times in minutes, highest class first.
    """
    model = QueueModel(**{**options, "ratios": options["ratios"] or ()})
    with progress(customers, "customers") as done:
        outcome = play(model, customers, seed, done)
    if as_json:
        classes, overall = map(asdict, outcome.classes), asdict(outcome.overall)
        print_json({"classes": list(classes), "overall": overall, "margins": outcome.margins})
    else:
        _print_queue(model, outcome)


def _print_queue(model: QueueModel, outcome: QueueResult) -> None:
    weights = ":".join(f"{each:g}" for each in model.weights)
    rule = f"{model.rule} {weights}" if model.rule == "accumulating" else model.rule
    click.echo(
        f"{model.counters} counters, load {model.load:g}, service {model.minutes:g} min "
        f"{model.service}, rule {rule}. Waiting in minutes:\n"
    )
    click.echo(f"{'class':<8}{'customers':>10}{'mean':>10}{'±':>8}" + heads("p50 p90 p95 max"))
    names = [*(str(number + 1) for number in range(len(outcome.classes))), "all"]
    spreads = [*outcome.classes, outcome.overall]
    for name, each, margin in zip(names, spreads, outcome.margins, strict=True):
        marks = "".join(f"{mark:>10.2f}" for mark in (each.p50, each.p90, each.p95, each.max))
        click.echo(f"{name:<8}{each.count:>10}{each.mean:>10.2f}{margin:>8.2f}{marks}")
    click.echo("\n± is the half-width of the mean's 95 % confidence interval.")


@click.group()
def simulate() -> None:
    """Play a queue or an office day, to see what a rule or a load does to waiting times."""


simulate.add_command(queue)
simulate.add_command(day)
