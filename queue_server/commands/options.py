"""Options, progress and tables that `simulate`, `what-if` and `audit` share.

The rule's options try another calling rule, with the bounds of config.toml.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any

import click

from queue_server.actions.rules import LIMITS
from queue_server.commands.common import refusal_sentence
from queue_server.domain.errors import BadRequest
from queue_server.domain.site import PriorityRules
from queue_server.web.forms import OUR_DAY

RULES = ("due_first", "strict", "arrival", "accumulating")
FIELDS = tuple(field.name for field in fields(PriorityRules))


def _whole(option: str, name: str, unit: str, help: str) -> Callable[..., Any]:
    return click.option(option, name, type=click.IntRange(*LIMITS[name]), metavar=unit, help=help)


_OPTIONS = (
    click.option("--rule", type=click.Choice(RULES), help="Another calling rule."),
    _whole("--busy-from", "busy_from_minutes", "MINUTES",
           "due_first: busy from so many minutes of work per counter."),
    _whole("--guard-after", "guard_after_minutes", "MINUTES",
           "due_first: the guard helps people who have waited this long."),
    _whole("--guard-every", "guard_every", "CALLS",
           "due_first: each call of this number is the guard's."),
    click.option(
        "--ratio",
        type=click.FloatRange(*LIMITS["ratio"]),
        help="accumulating: credit of an appointment for one of a walk-in.",
    ),
)  # fmt: skip


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--rule` and its numbers, under the names of `PriorityRules`; None where nothing is said."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked_rules(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the options change of a rule."""
    return {name: given[name] for name in FIELDS if given.get(name) is not None}


LONGEST_SEED = 2**63 - 1


class Numbers(click.ParamType[tuple[float, ...]]):
    """Numbers with commas between them."""

    name = "numbers"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> tuple[float, ...]:
        try:
            return tuple(float(each) for each in value.split(","))
        except ValueError:
            self.fail(f"expected numbers with commas between them, got {value!r}", param, context)


seed_option = click.option(
    "--seed",
    type=click.IntRange(0, LONGEST_SEED),
    default=1,
    show_default=True,
    help="The same seed, the same answer.",
)


class DayOption(click.DateTime):
    """A day of this century, as pages and API take it: near the ends of time calendars overflow."""

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> datetime:
        found: datetime = super().convert(value, param, context)
        if not OUR_DAY.fullmatch(f"{found:%Y-%m-%d}"):
            self.fail(f"expected a day from 2000 to 2099, got {value!r}", param, context)
        return found


LOCAL_DAY = DayOption(formats=["%Y-%m-%d"])
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")


@contextmanager
def sensible() -> Iterator[None]:
    """A number that can't be is wrong usage, as a word that is no number is."""
    try:
        yield
    except BadRequest as refusal:
        raise click.UsageError(refusal_sentence(refusal)) from None


def print_json(found: dict[str, Any]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, default=str))


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal's stderr; a pipe hears nothing."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden) as bar:
        yield bar.update


def heads(names: str) -> str:
    return "".join(f"{name:>10}" for name in names.split())
