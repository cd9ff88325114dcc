"""On which line of a TOML file a key stands: the standard library's reader does not say.

The text has been read by `tomllib` before, so it is known to be valid.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

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


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every key, table and list entry of a valid TOML text."""
    return _Scanner(text).lines


class _Scanner:
    """Walks over the text once; `_next` is the token that comes."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._table: KeyPath = ()
        self._entries: dict[KeyPath, int] = {}
        self._tokens = _tokens(text)
        self._advance()
        while self._next:
            self._statement()

    def _advance(self) -> str:
        """Steps over the coming token and returns it."""
        taken = getattr(self, "_next", "")
        self._next, self._line = next(self._tokens, ("", 0))
        return taken

    def _statement(self) -> None:
        if self._next == "\n":
            self._advance()
        elif self._next == "[":
            self._header()
        else:
            self._pair(self._table)

    def _header(self) -> None:
        line = self._line
        self._advance()
        is_entry = self._next == "["
        if is_entry:
            self._advance()
        self._enter(self._key(), is_entry, line)
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

    def _pair(self, table: KeyPath) -> None:
        line = self._line
        path = table
        for name in self._key():
            path += (name,)
            self.lines.setdefault(path, line)
        self._advance()
        self._value(path)

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


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for match in TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield match[0], line
        line += match[0].count("\n")


def _name(token: str) -> str:
    quoted = token.startswith(('"', "'"))
    return str(tomllib.loads(f"name = {token}")["name"]) if quoted else token
