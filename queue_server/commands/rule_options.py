"""The options by which a verb tries another calling rule, with the bounds of config.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import click

from queue_server.actions.rules import LIMITS
from queue_server.domain.site import PriorityRules

RULES = ("due_first", "strict", "arrival", "accumulating")
FIELDS = tuple(field.name for field in fields(PriorityRules))
_OPTIONS = (
    click.option("--rule", type=click.Choice(RULES), help="Another calling rule."),
    click.option(
        "--busy-from",
        "busy_from_minutes",
        type=click.IntRange(*LIMITS["busy_from_minutes"]),
        metavar="MINUTES",
        help="due_first: busy from so many minutes of work a counter.",
    ),
    click.option(
        "--guard-after",
        "guard_after_minutes",
        type=click.IntRange(*LIMITS["guard_after_minutes"]),
        metavar="MINUTES",
        help="due_first: whom the guard helps has waited so long.",
    ),
    click.option(
        "--guard-every",
        "guard_every",
        type=click.IntRange(*LIMITS["guard_every"]),
        metavar="CALLS",
        help="due_first: every such call is the guard's.",
    ),
    click.option(
        "--ratio",
        type=click.FloatRange(*LIMITS["ratio"]),
        help="accumulating: credit of an appointment for one of a walk-in.",
    ),
)


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--rule` and its numbers, under the names of `PriorityRules`; None where nothing is said."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked_rules(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the options change of a rule."""
    return {name: given[name] for name in FIELDS if given.get(name) is not None}
