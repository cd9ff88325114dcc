"""Where every key of a TOML file stands, which the standard library's reader does not tell.

The text has been read by `tomllib` before, so it is known to be valid.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

# ("site", 0, "checkin", "grace_minutes"): keys, and numbers in lists from 0.
KeyPath = tuple[str | int, ...]

TOKEN = re.compile(
    r'''(?P<space>[ \t\r]+|\#[^\n]*)
      | (?P<newline>\n)
      | (?P<string>"""(?:\\[\s\S]|(?!""")[^\\])*"{3,5} | \'\'\'(?:(?!\'\'\')[\s\S])*'{3,5}
                 | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
      | (?P<mark>[\[\]{}=,.])
      | (?P<bare>[^\s\[\]{}=,."'\#]+)''',
    re.VERBOSE,
)


class Pair(NamedTuple):
    """A key and its value in a text: where the key begins, the value begins, the value ends."""

    start: int
    value: int
    end: int


class KeyPlaces(NamedTuple):
    """Where everything stands: lines from 1, pairs, and the beginnings of `[tables]`, in order."""

    lines: dict[KeyPath, int]
    pairs: dict[KeyPath, Pair]
    headers: dict[KeyPath, int]


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every key, table and list entry of a valid TOML text."""
    return _Scanner(text).lines


def key_places(text: str) -> KeyPlaces:
    """The places of all of a valid TOML text; pairs within inline tables are left out."""
    scanner = _Scanner(text)
    return KeyPlaces(scanner.lines, scanner.pairs, scanner.headers)


class _Scanner:
    """Walks over the text once; `_next` is the token that comes, `_start` where it begins."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self.pairs: dict[KeyPath, Pair] = {}
        self.headers: dict[KeyPath, int] = {}
        self._start = self._end = 0
        self._table: KeyPath = ()
        self._entries: dict[KeyPath, int] = {}
        self._tokens = _tokens(text)
        self._advance()
        while self._next:
            self._statement()

    def _advance(self) -> str:
        """Steps over the coming token and returns it."""
        taken = getattr(self, "_next", "")
        self._end = self._start + len(taken)
        self._next, self._line, self._start = next(self._tokens, ("", 0, self._end))
        return taken

    def _statement(self) -> None:
        if self._next == "\n":
            self._advance()
        elif self._next == "[":
            self._header()
        else:
            start = self._start
            path, value = self._pair(self._table)
            self.pairs[path] = Pair(start, value, self._end)

    def _header(self) -> None:
        line, start = self._line, self._start
        self._advance()
        is_entry = self._next == "["
        if is_entry:
            self._advance()
        self._enter(self._key(), is_entry, line)
        self.headers[self._table] = start
        while self._next == "]":
            self._advance()

    def _enter(self, names: KeyPath, is_entry: bool, line: int) -> None:
        path: KeyPath = ()
        for name in names[:-1]:
            path += (name,)
            self.lines.setdefault(path, line)
            # [site.hours] belongs to the last [[site]] above it.
            path += (self._entries[path],) if path in self._entries else ()
        path += names[-1:]
        self.lines.setdefault(path, line)
        if is_entry:
            self._entries[path] = self._entries.get(path, -1) + 1
            path += (self._entries[path],)
        self.lines.setdefault(path, line)
        self._table = path

    def _pair(self, table: KeyPath) -> tuple[KeyPath, int]:
        line = self._line
        path = table
        for name in self._key():
            path += (name,)
            self.lines.setdefault(path, line)
        self._advance()
        value = self._start
        self._value(path)
        return path, value

    def _key(self) -> KeyPath:
        names = [_name(self._advance())]
        while self._next == ".":
            self._advance()
            names.append(_name(self._advance()))
        return tuple(names)

    def _value(self, path: KeyPath) -> None:
        self.lines.setdefault(path, self._line)
        if self._next == "[":
            self._list(path)
        elif self._next == "{":
            self._inline_table(path)
        else:
            while self._next not in ("", "\n", ",", "]", "}"):
                self._advance()

    def _list(self, path: KeyPath) -> None:
        self._advance()
        entry = 0
        while self._next != "]":
            if self._next in ("\n", ","):
                self._advance()
            else:
                self._value((*path, entry))
                entry += 1
        self._advance()

    def _inline_table(self, path: KeyPath) -> None:
        self._advance()
        while self._next != "}":
            if self._next in ("\n", ","):
                self._advance()
            else:
                self._pair(path)
        self._advance()


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    line = 1
    for match in TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield match[0], line, match.start()
        line += match[0].count("\n")


def _name(token: str) -> str:
    quoted = token.startswith(('"', "'"))
    return str(tomllib.loads(f"name = {token}")["name"]) if quoted else token
