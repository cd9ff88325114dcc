"""What both verbs of `aufruf simulate` share: their options, their progress, their tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

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
json_option = click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")


def print_json(found: dict[str, Any]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False))


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal's stderr; a pipe hears nothing."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden) as bar:
        yield bar.update


def heads(names: str) -> str:
    return "".join(f"{name:>10}" for name in names.split())
