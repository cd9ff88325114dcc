"""Which tests are asked about a mutant, and in which order."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.mutation.mutants import Mutant

# What needs a process of its own is slow, and is not seen in this one.
NOT_ASKED = re.compile(r"\bServer\b|playwright|hanging_server")
NEAR = ("domain", "store", "actions", "queries", "races")
# Of further away, whoever imports what is mutated.
IMPORTS = re.compile(r"(from|import) queue_server\.(domain|store)\b")
FAR = ("history", "mail", "faults", "attack")
TURN_SECONDS, MOST_SECONDS = 5.0, 60.0


def files_to_ask(tree: Path) -> list[str]:
    """Test files that stay in their process, neighbours beside each other."""
    return sorted(
        str(file.relative_to(tree))
        for folder in (*NEAR, *FAR)
        for file in (tree / "tests" / folder).glob("test_*.py")
        if _is_asked(file.read_text(), folder in NEAR)
    )


def _is_asked(text: str, is_near: bool) -> bool:
    return not NOT_ASKED.search(text) and (is_near or bool(IMPORTS.search(text)))


@dataclass(frozen=True)
class Witnesses:
    """How long each test takes, and which functions it calls (`"path:line"`)."""

    seconds: dict[str, float]
    calls: dict[str, frozenset[str]]

    @classmethod
    def read(cls, files: Iterable[Path]) -> Witnesses:
        told = {test: each for file in files for test, each in json.loads(file.read_text()).items()}
        return cls(
            {test: each["seconds"] for test, each in told.items()},
            {test: frozenset(each["calls"]) for test, each in told.items()},
        )

    def of(self, path: str, line: int | None = None) -> set[str]:
        """Tests that call the function that begins here, or any function of the file."""
        place = f"{path}:{line}" if line else f"{path}:"
        return {
            test
            for test, calls in self.calls.items()
            if (place in calls if line else any(call.startswith(place) for call in calls))
        }


def turns(tree: Path, mutant: Mutant, witnesses: Witnesses) -> list[list[str]]:
    """Tests in turns of a few seconds, the nearest and quickest first, a minute of them at most."""
    module = Path(mutant.path).stem

    def nearness(test: str) -> tuple[int, float, str]:
        file = _file_of(tree, test)
        is_own = file.stem.startswith(f"test_{module}")
        place = 0 if is_own else 1 if _names(file, module) else 2
        return place, witnesses.seconds[test], test

    found: list[list[str]] = []
    spent, in_turn = 0.0, TURN_SECONDS
    for test in sorted(_who_may_notice(tree, mutant, witnesses), key=nearness):
        if in_turn >= TURN_SECONDS:
            found.append([])
            in_turn = 0.0
        found[-1].append(test)
        in_turn += witnesses.seconds[test]
        spent += witnesses.seconds[test]
        if spent > MOST_SECONDS:
            break
    return found


def _who_may_notice(tree: Path, mutant: Mutant, witnesses: Witnesses) -> set[str]:
    """Tests that call the mutated function.

    What stands outside of every function runs when it is imported, a default when an object is
    made, which is a call of no line of ours: there it is whoever uses or names the module.
    """
    if function := function_at(tree / mutant.path, mutant.line):
        return witnesses.of(mutant.path, function) or witnesses.of(mutant.path)
    module = Path(mutant.path).stem
    named = {test for test in witnesses.calls if _names(_file_of(tree, test), module)}
    return witnesses.of(mutant.path) | named or set(witnesses.calls)


def _file_of(tree: Path, test: str) -> Path:
    return tree / test.partition("::")[0]


def function_at(path: Path, line: int) -> int | None:
    """Where the innermost function around this line begins, its decorators included."""
    begins = None
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if first <= line <= (node.end_lineno or 0) and first > (begins or 0):
                begins = first
    return begins


@cache
def _names(file: Path, module: str) -> bool:
    return re.search(rf"\b{module}\b", file.read_text()) is not None
