"""A long list behind a figure, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from queue_server.web.forms import text, whole

# So many stand on one page.
MOST = 100
Found = TypeVar("Found")
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Shown]):
    """What stands on the page that was asked for, of how many, and the ways to its neighbours."""

    items: Sequence[Shown]
    count: int
    links: Sequence[tuple[str, str]]


def list_page(
    found: Sequence[Found], show: Callable[[Found], Shown], url: Callable[[str], str]
) -> ListPage[Shown]:
    """`show` puts one of them into words, `url` gives the address of a page by its number."""
    last = max(-(-len(found) // MOST), 1)
    here = min(max(whole(text("page"), 6) or 1, 1), last)
    near = (("Frühere", here - 1), ("Spätere", here + 1))
    links = [(name, url(str(number))) for name, number in near if 1 <= number <= last]
    part = found[(here - 1) * MOST : here * MOST]
    return ListPage([show(each) for each in part], len(found), links)
