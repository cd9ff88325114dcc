"""Guessing one clerk's password slowly from many addresses.

Failures are counted for the account, too, wherever they come from. Once there were too many, an
address from which this clerk has signed in lately goes on as ever, so nobody can lock clerks out
of their office. Any other address has one try an hour at this account. Known places are kept in
memory only; after a restart they are unknown, and so is every failure.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256

from queue_server.domain.errors import TooManyTries, WrongPassword
from queue_server.web import mistakes
from queue_server.web.limits import Client, known
from queue_server.web.throttle import Throttle

MOST_PLACES = 10_000
Place = tuple[str, str]


class Accounts:
    """Where clerks have signed in from, and how often somebody else failed to."""

    def __init__(self) -> None:
        self._places: OrderedDict[Place, None] = OrderedDict()

    @contextmanager
    def try_password(self, throttle: Throttle, username: str, client: Client) -> Iterator[None]:
        """Around the check of a password. Raises `TooManyTries`."""
        place = _account(username), client.name
        with throttle.guess("password", client, WrongPassword), ExitStack() as spent:
            if place not in self._places:
                _spend_at_account(spent, throttle, place)
            try:
                yield
            except WrongPassword:
                mistakes.note("a password was wrong")
                raise
        self._remember(place)

    def _remember(self, place: Place) -> None:
        self._places[place] = None
        self._places.move_to_end(place)
        if len(self._places) > MOST_PLACES:
            self._places.popitem(last=False)


def _spend_at_account(spent: ExitStack, throttle: Throttle, place: Place) -> None:
    """From what the account has left; when it has nothing left, from that of the strange place."""
    account, strange = known(place[0]), known(" ".join(place))
    try:
        spent.enter_context(throttle.guess("account", account, WrongPassword))
    except TooManyTries:
        spent.enter_context(throttle.guess("strange_place", strange, WrongPassword))


def _account(username: str) -> str:
    """As long as any other: a name may be a kilobyte, and many of them would be kept."""
    return sha256(username.casefold().encode()).hexdigest()[:32]
