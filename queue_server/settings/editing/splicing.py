"""Where a change goes in the text of config.toml.

tomlkit writes the values, but not the places: a key that it adds to a table lands behind the
comments that introduce the next one. So the text is cut open where the scanner says, and what
stands around the cut is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from queue_server.settings.editing.arranging import arranged
from queue_server.settings.editing.changes import (
    AddTable,
    Change,
    NotEditable,
    OrderTables,
    Raw,
    RemoveTable,
    SetKey,
    entries_of,
    found,
    numbers,
)
from queue_server.settings.editing.values import bare, pair, written
from queue_server.settings.lines import KeyPath, KeyPlaces, key_places


def spliced(text: str, raw: Raw, change: Change) -> str:
    """The text, which says `raw`, with this change. Raises `NotEditable`."""
    path, there = found(raw, change.table)
    if isinstance(change, OrderTables):
        order = numbers(entries_of(there, change), change)
        if (moved := arranged(text, (*path, change.kind), order)) is None:
            raise NotEditable((*change.table, change.kind))
        return moved
    cut = _Cut(text, path, change)
    if isinstance(change, RemoveTable):
        return cut.without_table()
    if isinstance(change, AddTable):
        return cut.with_entry(change.kind, change.values)
    if change.value is None:
        return cut.without_key(change.key)
    if (*path, change.key) in cut.places.pairs:
        return cut.with_other_value(change.key, change.value)
    return cut.with_key(change, is_new_table=there is None)


class _Cut:
    """The text and the places in it, seen from one table."""

    def __init__(self, text: str, path: KeyPath, change: Change) -> None:
        # A last line without its end would swallow what is added behind it.
        self.text = text if text.endswith("\n") or not text else f"{text}\n"
        self.path, self.change = path, change
        self.places: KeyPlaces = key_places(self.text)

    def with_other_value(self, key: str, value: Any) -> str:
        at = self.places.pairs[*self.path, key]
        before, indent = self.text[at.value : at.end], self._indent(at.start)
        new = written(self.text[at.start : at.value].rstrip(" ="), value, before, indent)
        return self.text[: at.value] + new + self.text[at.end :]

    def without_key(self, key: str) -> str:
        at = self.places.pairs.get((*self.path, key))
        if at is None:
            return self.text
        return self.text[: self._line_start(at.start)] + self.text[self._line_end(at.end) :]

    def with_key(self, change: SetKey, *, is_new_table: bool) -> str:
        if self.path not in self.places.headers:
            if not is_new_table and self.path:
                raise NotEditable(change.table)
            return self._with_new_table(change)
        at = self._place_of_new(change.key)
        line = pair(change.key, change.value, self._indent(self.places.headers[self.path]))
        return self.text[:at] + line + self.text[at:]

    def with_entry(self, kind: str, values: Raw) -> str:
        """A list of tables gets one more, behind the last of its kind, else behind everything."""
        siblings = [path for path in self.places.headers if path[:-1] == (*self.path, kind)]
        after = self._end_of(siblings[-1] if siblings else self.path)
        # No list of tables may stand before the keys of what it belongs to.
        if self.path and self.path not in self.places.headers:
            raise NotEditable(self.change.table)
        block = "".join(_block(_names(self.path, kind), values))
        return self.text[:after] + block + self.text[after:]

    def without_table(self) -> str:
        if self.path not in self.places.headers:
            raise NotEditable(self.change.table)
        start = self._line_start(self.places.headers[self.path])
        if self.text[:start].endswith("\n\n"):
            start -= 1
        return self.text[:start] + self.text[self._end_of(self.path) :]

    def _with_new_table(self, change: SetKey) -> str:
        """`[site.theme]` where there was none, behind everything of the table above it."""
        above = next(p for n in range(len(self.path), -1, -1) if self._is_there(p := self.path[:n]))
        after = self._end_of(above)
        head = f"\n[{'.'.join(_names(self.path))}]\n"
        return self.text[:after] + head + pair(change.key, change.value) + self.text[after:]

    def _is_there(self, path: KeyPath) -> bool:
        return not path or path in self.places.headers

    def _place_of_new(self, key: str) -> int:
        """Below the line that shows the default of this key, else below the table's last key."""
        header = self.places.headers[self.path]
        end = next((at for at in sorted(self.places.headers.values()) if at > header),
                   len(self.text))  # fmt: skip
        # A table that is there as an example is another table.
        region = re.split(r"^[ \t]*#[ \t]*\[", self.text[header:end], maxsplit=1, flags=re.M)[0]
        default = rf"^[ \t]*#[ \t]*{re.escape(bare(key))}[ \t]*=.*\n"
        if shown := re.search(default, region, re.M):
            return header + shown.end()
        own = [at.end for path, at in self.places.pairs.items() if header < at.start < end]
        return self._line_end(max(own, default=header))

    def _end_of(self, path: KeyPath) -> int:
        """Behind the last line of a table and of all that belongs to it; comments stay outside."""
        size = len(path)
        inside = [at for each, at in self.places.headers.items() if each[:size] == path]
        inside += [at.end for each, at in self.places.pairs.items() if each[:size] == path]
        return self._line_end(max(inside, default=len(self.text)))

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def _indent(self, at: int) -> str:
        before = self.text[self._line_start(at) : at]
        return before if not before.strip() else ""


def _names(path: KeyPath, *more: str) -> list[str]:
    return [bare(name) for name in (*path, *more) if isinstance(name, str)]


def _block(names: list[str], values: Raw, *, is_entry: bool = True) -> Iterator[str]:
    """A table with its keys, and the tables in it."""
    yield f"\n[[{'.'.join(names)}]]\n" if is_entry else f"\n[{'.'.join(names)}]\n"
    yield from (pair(key, each) for key, each in values.items() if not isinstance(each, dict))
    for key, each in values.items():
        if isinstance(each, dict):
            yield from _block([*names, bare(key)], each, is_entry=False)
