"""What is wrong with the configuration, in sentences for the person who wrote it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import ErrorDetails

from queue_server.settings.lines import KeyPath
from queue_server.settings.schema import ConfigFile, table_at
from queue_server.settings.types import is_secret, words_of

MOST_SHOWN = 60
TABLE, SECRET = "a table", "something else (a secret, not shown here)"


@dataclass(frozen=True, slots=True)
class NamedProblem:
    """A problem by name, for callers that word it themselves; `line` 0 when it has none.

    Without a `code` only its sentence says what it is.
    """

    code: str
    facts: Mapping[str, object]
    line: int


class ConfigError(Exception):
    """The configuration cannot be used. `problems` are sentences; str() is one a line.

    `named` has those of the sentences that have a name or a line.
    """

    def __init__(
        self, problems: Iterable[str], named: Mapping[str, NamedProblem] | None = None
    ) -> None:
        self.problems = tuple(problems)
        self.named = named or {}
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong under a path of keys. `place` is where to look when that is elsewhere.

    With a `code` and its `facts` others may word it, too.
    """

    path: KeyPath
    words: str
    place: KeyPath | None = None
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where every key came from: a line of the file or a variable of the environment."""

    file: str
    raw: Mapping[str, Any]
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    variables: Mapping[KeyPath, str] = field(default_factory=dict)

    def sentence(self, fault: Fault) -> str:
        """`config.toml line 41: site "rathaus".checkin.grace_minutes: expected …, got …`."""
        place = fault.path if fault.place is None else fault.place
        if place in self.variables:
            return f"environment variable {self.variables[place]}: {fault.words}"
        name = f"{_named(fault.path, self.raw)}: " if fault.path else ""
        return f"{self.file}{self._line_words(place)}: {name}{fault.words}"

    def line(self, fault: Fault) -> int:
        """The line of the key, or of the table around it; 0 when it is nowhere in the file."""
        place = fault.path if fault.place is None else fault.place
        if place in self.variables:
            return 0
        known = (place[:size] for size in range(len(place), 0, -1) if place[:size] in self.lines)
        return self.lines[path] if (path := next(known, None)) else 0

    def _line_words(self, place: KeyPath) -> str:
        line = self.line(Fault(place, ""))
        return f" line {line}" if line else ""


def fault_of(error: ErrorDetails) -> Fault:
    """The fault that pydantic found."""
    path = tuple(error["loc"])
    if error["type"] == "extra_forbidden":
        facts = {"key": path[-1], "near": _near(path[-1], _known(path))}
        return Fault(path[:-1], unknown_key(path), place=path, code="unknown_key", facts=facts)
    if error["type"] == "said":
        told = error["ctx"]
        return Fault(path, told["words"], code=told["code"], facts=told["facts"])
    expected = _expected(path)
    facts = {"key": _names(path)[-1], "expected": expected}
    if error["type"] == "missing":
        words = f"this key is missing: expected {expected}"
        return Fault(path, words, code="missing_key", facts=facts)
    got = _got(path, error["input"])
    words = f"expected {expected}, got {got}"
    return Fault(path, words, code="wrong_value", facts={**facts, "got": got})


def unknown_key(path: KeyPath) -> str:
    """The sentence about a key that there is not, with the ones that there are."""
    known = _known(path)
    near = did_you_mean(path[-1], known) or "."
    return f'unknown key "{path[-1]}"{near} Known: {", ".join(known)}'


def did_you_mean(word: object, known: Sequence[str]) -> str:
    """`; did you mean "grace_minutes"?`, or nothing when no known word is near."""
    near = _near(word, known)
    return f'; did you mean "{near}"?' if near else ""


def _near(word: object, known: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(str(word), known, n=1, cutoff=0.5)), "")


def _known(path: KeyPath) -> list[str]:
    """The keys that there may be beside this one."""
    return list((table_at(_names(path[:-1])) or ConfigFile).known_keys())


def shown(value: Any) -> str:
    """A value as it is in the file, shortened."""
    if isinstance(value, dict):
        return TABLE
    written = json.dumps(value, ensure_ascii=False, default=str)
    return written if len(written) <= MOST_SHOWN else f"{written[:MOST_SHOWN]}…"


def _names(path: KeyPath) -> list[str]:
    return [part for part in path if isinstance(part, str)]


def _expected(path: KeyPath) -> str:
    names = _names(path)
    if len(names) > 1 and table_at(names[:-1]) is None:
        # A line of somebody's own words: the key above it says what they are.
        above = table_at(names[:-2]) or ConfigFile
        return words_of(above.known_keys()[names[-2]], entry=True)
    above = table_at(names[:-1]) or ConfigFile
    if table_at(names) is above.known_keys()[names[-1]].annotation:
        return f"a table [{'.'.join(names)}]"
    if table_at(names) is not None:
        return f"tables [[{'.'.join(names)}]]"
    return words_of(above.known_keys()[names[-1]], entry=isinstance(path[-1], int))


def _got(path: KeyPath, value: Any) -> str:
    names = _names(path)
    table = table_at(names[:-1]) or ConfigFile
    hidden = names[-1] in table.known_keys() and is_secret(table.known_keys()[names[-1]])
    return SECRET if hidden else shown(value)


def _named(path: KeyPath, raw: Mapping[str, Any]) -> str:
    """`site "rathaus".hours.thu, entry 2`."""
    words, value = "", raw
    for part in path:
        value = _below(value, part)
        if isinstance(part, str):
            words += f".{part}" if words else part
        elif isinstance(value, dict):
            words += f' "{value["id"]}"' if "id" in value else f" number {part + 1}"
        else:
            words += f", entry {part + 1}"
    return words


def _below(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (LookupError, TypeError):
        return None
