"""The silent call for help, for desks that are not ours and for buttons under a table."""

from __future__ import annotations

from flask import Response

from queue_server.actions import help_calls
from queue_server.api.blueprint import Asked, Nothing, answer, endpoint, nothing
from queue_server.domain.help_call import HelpCall
from queue_server.queries.queue import help_from
from queue_server.web.help_calls import help_call_out
from queue_server.web.models import HelpCallOut

PATH = "/counters/<counter>/help-call"


@endpoint(
    "POST",
    PATH,
    who="clerk",
    body=Nothing,
    answers={200: HelpCallOut},
    refusals=("counter_closed",),
)
def call(asked: Asked, counter: str) -> Response:
    """Call colleagues to my open counter; a call that stands goes on standing."""
    called = help_calls.call_help(
        asked.store, asked.site, asked.clerk, counter=counter, now=asked.now
    )
    return answer(help_call_out(asked.site, called))


@endpoint(
    "POST",
    f"{PATH}/answer",
    who="clerk",
    body=Nothing,
    answers={200: HelpCallOut, 204: None},
)
def come(asked: Asked, counter: str) -> Response:
    """I come (204: nobody calls from there, or no longer); the first one who says so counts."""
    caller = _standing(asked, counter)
    if caller is None or not help_calls.answer(
        asked.store, asked.site, asked.clerk, caller.clerk, now=asked.now
    ):
        return nothing()
    return answer(help_call_out(asked.site, _standing(asked, counter) or caller))


@endpoint("DELETE", PATH, who="clerk", answers={204: None})
def all_clear(asked: Asked, counter: str) -> Response:
    """The all-clear, by whoever called or any colleague; without a call there is nothing to end."""
    caller = _standing(asked, counter)
    if caller is not None:
        help_calls.give_all_clear(asked.store, asked.site, asked.clerk, caller.clerk, now=asked.now)
    return nothing()


def _standing(asked: Asked, counter: str) -> HelpCall | None:
    with asked.store.snapshot() as snapshot:
        return help_from(snapshot, counter, asked.now)
