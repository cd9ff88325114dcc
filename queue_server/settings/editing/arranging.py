"""Reordering a list of tables: every entry takes its own comments along.

Its own are the comment lines right above its head, and those right below its last key. What stands
apart between two entries, such as the name of a group, introduces a place and stays there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from queue_server.settings.lines import KeyPath, key_places

# A key that an entry leaves out, shown with its default.
SHOWN_KEY = re.compile(r"[ \t]*#[ \t]*[\w.-]+[ \t]*=")


@dataclass(frozen=True, slots=True)
class EntryLines:
    """Where an entry with all its own begins and ends in the text."""

    start: int
    end: int


def arranged(text: str, path: KeyPath, order: Sequence[int]) -> str | None:
    """The text with the entries of `path` in this order, given by their numbers so far.

    None where it could not be turned back to the byte, and is left to a person.
    """
    lacks_end = not text.endswith("\n")
    whole = f"{text}\n" if lacks_end else text
    moved = _moved(whole, path, order)
    if moved is None or _moved(moved, path, _back(order)) != whole:
        return None
    return moved[:-1] if lacks_end else moved


def _moved(text: str, path: KeyPath, order: Sequence[int]) -> str | None:
    passages = _passages(text, path)
    if sorted(order) != list(range(len(passages))) or not _are_apart(passages):
        return None
    own = [text[each.start : each.end] for each in passages]
    # What stands before the first, between two of them, and behind the last.
    ends = [0, *(each.end for each in passages)]
    starts = [*(each.start for each in passages), len(text)]
    around = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    parts = [around[0]]
    for number, gap in zip(order, around[1:], strict=True):
        parts += [own[number], gap]
    return "".join(parts)


def _back(order: Sequence[int]) -> list[int]:
    return [order.index(number) for number in range(len(order))]


def _are_apart(passages: Sequence[EntryLines]) -> bool:
    """Whether no table of one entry stands behind the head of the next."""
    pairs = zip(passages, passages[1:], strict=False)
    return all(one.start < one.end <= other.start for one, other in pairs)


def _passages(text: str, path: KeyPath) -> list[EntryLines]:
    places = key_places(text)
    heads = [at for each, at in places.headers.items() if each[:-1] == path]
    lines = _Lines(text)
    found = []
    for number, head in enumerate(heads):
        own = (*path, number)
        inside = [at for each, at in places.headers.items() if each[: len(own)] == own]
        inside += [at.end for each, at in places.pairs.items() if each[: len(own)] == own]
        found.append(EntryLines(lines.above(head), lines.below(max(inside))))
    return found


class _Lines:
    """The lines around a place in a text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def above(self, at: int) -> int:
        """The beginning of the comment lines right above; a key that is shown is another's."""
        start = self._start(at)
        while start and _is_comment(line := self.text[self._start(start - 1) : start]):
            if SHOWN_KEY.match(line) and self._hangs_on_a_key(start):
                break
            start = self._start(start - 1)
        return start

    def below(self, at: int) -> int:
        """The end of the comment lines right below, without those that are the next entry's."""
        end = self._end(at)
        run = list(self._comments(end))
        after = run[-1][1] if run else end
        if after < len(self.text) and self.text[after : self._end(after)].strip():
            # They touch the next head: only the keys that are shown belong here.
            run = [each for each in run if self._shows_a_key(*each)]
        return run[-1][1] if run else end

    def _comments(self, at: int) -> Iterator[tuple[int, int]]:
        while at < len(self.text) and _is_comment(self.text[at : self._end(at)]):
            yield at, self._end(at)
            at = self._end(at)

    def _shows_a_key(self, start: int, end: int) -> bool:
        return SHOWN_KEY.match(self.text[start:end]) is not None

    def _hangs_on_a_key(self, at: int) -> bool:
        """Whether the comment lines before this place reach up to a key without an empty line."""
        start = at
        while start and _is_comment(line := self.text[self._start(start - 1) : start]):
            start = self._start(start - 1)
        line = self.text[self._start(start - 1) : start] if start else ""
        return bool(line.strip())

    def _start(self, at: int) -> int:
        return self.text.rfind("\n", 0, max(at, 0)) + 1

    def _end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
