"""Calls for help in the journal: who called, who came, how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCalled(Event):
    """A clerk calls colleagues for help, silently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAnswered(Event):
    """`clerk` was the first to say that they come to `caller`."""

    caller: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEnded(Event):
    """`caller`'s call for help is over; `by` is `all_clear` (said by `clerk`), `left` or `ran_out`.

    `left` is the counter closed or the caller signed out.
    """

    caller: int
    by: str
