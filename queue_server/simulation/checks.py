"""What cannot be simulated is refused with a sentence for each field that makes no sense."""

from __future__ import annotations

from collections.abc import Iterable

from queue_server.domain.errors import BadRequest


def check(problems: Iterable[tuple[str, str]]) -> None:
    """Raises `BadRequest` with a sentence for each field that has a problem, if any has one."""
    errors = [(field, problem, "") for field, problem in problems if problem]
    if errors:
        raise BadRequest(errors=errors)


def within(field: str, value: float, least: float, most: float) -> tuple[str, str]:
    """The field, and its problem unless it lies between these, both included."""
    return field, "" if least <= value <= most else f"must be from {least:g} to {most:g}"
