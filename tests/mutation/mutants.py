"""Small mistakes in a source file, one at a time, by the places of its syntax tree.

A comparison shifted or turned round, `and` for `or`, + for −, a number one higher or lower, True
for False, a `not`, a guard clause or a call left out. And in SQL, which is half of the store: a
condition of a WHERE left out, a comparison shifted, an order turned round.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# Conditions that only help the database to find its index.
CHANGES_NOTHING = (
    b"AND state IN ('waiting', 'called', 'serving', 'parked', 'no_show')",
    b"AND tickets.state IN ('called', 'serving')",
    b"AND appointment IS NOT NULL",
    # The schema gives nobody else a counter.
    b"WHERE counter = :counter AND state IN ('called', 'serving')",
)
# What is as good as endless, how long one waits for others or sleeps between two looks, and how
# much is kept in memory or read at a time: "about" all of them. One more or less is another
# choice, and nobody sees it. What is full, or waited for in vain, has tests of its own.
ABOUT = frozenset(
    (
        *("EVER", "END", "EVERYBODY", "PAGE", "BRIEF", "MOST_KNOWN", "MOST_SINGLY", "_LATELY"),
        *("BUSY_SECONDS", "BUSY_PAUSE_SECONDS", "LOOK_SECONDS", "ORPHAN_SECONDS"),
        *("CHECKPOINT_BYTES", "MOST_ACTIONS_PER_COMMIT"),
    )
)
SWAPS = {
    **{ast.Lt: (b"<", b"<="), ast.LtE: (b"<=", b"<"), ast.Gt: (b">", b">=")},
    **{ast.GtE: (b">=", b">"), ast.Eq: (b"==", b"!="), ast.NotEq: (b"!=", b"==")},
    **{ast.Is: (b"is", b"is not"), ast.IsNot: (b"is not", b"is"), ast.In: (b"in", b"not in")},
    **{ast.NotIn: (b"not in", b"in"), ast.And: (b"and", b"or"), ast.Or: (b"or", b"and")},
    **{ast.Add: (b"+", b"-"), ast.Sub: (b"-", b"+")},
}
SQL = re.compile(rb"\b(WHERE|AND|ORDER BY)\b")
SQL_SWAPS = {
    **{rb"(?<= )<(?= )": b"<=", rb"<=": b"<", rb"(?<= )>(?= )": b">=", rb">=": b">"},
    **{rb"\bDESC\b": b"ASC"},
}
CONDITION_ENDS = re.compile(rb'\s+(AND|OR|GROUP|ORDER|LIMIT|RETURNING|UNION|END)\b|"|\Z')
AND = re.compile(rb"\s+AND\s+")


@dataclass(frozen=True)
class Mutant:
    """One mistake: these bytes of the file become others."""

    path: str
    line: int
    start: int
    old: bytes
    new: bytes

    def of(self, source: bytes) -> bytes:
        """The file with the mistake."""
        return source[: self.start] + self.new + source[self.start + len(self.old) :]

    def __str__(self) -> str:
        old, new = (" ".join(text.decode().split()) or "nothing" for text in (self.old, self.new))
        return f"{self.path}:{self.line}  {old}  →  {new}"


def mutants_of(path: str, source: bytes) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    return _Mutator(path, source).mutants()


class _Mutator:
    def __init__(self, path: str, source: bytes) -> None:
        self.path, self.source = path, source
        self._lines = [0, *(match.end() for match in re.finditer(rb"\n", source))]

    def mutants(self) -> list[Mutant]:
        found = [mutant for node in _code(ast.parse(self.source)) for mutant in self._of(node)]
        return sorted(found, key=lambda mutant: (mutant.start, mutant.new))

    def _of(self, node: ast.AST) -> Iterator[Mutant]:
        start, end = self._place(node)
        match node:
            case ast.Compare():
                for (left, right), op in zip(
                    pairwise([node.left, *node.comparators]), node.ops, strict=True
                ):
                    yield from self._swapped(left, op, right)
            case ast.BoolOp():
                for left, right in pairwise(node.values):
                    yield from self._swapped(left, node.op, right)
            case ast.BinOp() if not (_is_text(node.left) or _is_text(node.right)):
                yield from self._swapped(node.left, node.op, node.right)
            case ast.UnaryOp(op=ast.Not()):
                yield self._replaced(start, start + len("not"), b"")
            case ast.Constant(value=bool()):
                yield self._replaced(start, end, repr(not node.value).encode())
            case ast.Constant(value=int() | float()):
                # Nothing here counts below zero.
                for number in (node.value + 1, *([node.value - 1] if node.value else [])):
                    yield self._replaced(start, end, repr(number).encode())
            case ast.Constant(value=str()) | ast.JoinedStr() if SQL.search(self.source, start, end):
                yield from self._other_sql(start, end)
            case ast.If() | ast.Expr() if _can_be_left_out(node):
                yield self._replaced(start, end, b"pass")

    def _swapped(self, left: ast.AST, op: ast.AST, right: ast.AST) -> Iterator[Mutant]:
        if type(op) in SWAPS:
            old, new = SWAPS[type(op)]
            at = self.source.index(old, self._place(left)[1], self._place(right)[0])
            yield self._replaced(at, at + len(old), new)

    def _other_sql(self, start: int, end: int) -> Iterator[Mutant]:
        text = self.source[:end]
        for match in AND.finditer(text, start):
            condition_end = _condition_end(text, match.end())
            if not text[:condition_end].endswith(CHANGES_NOTHING):
                yield self._replaced(match.start(), condition_end, b"")
        for match in re.compile(rb"WHERE\s").finditer(text, start):
            if others := AND.match(text, _condition_end(text, match.end())):
                yield self._replaced(match.end(), others.end(), b"")
        for old, new in SQL_SWAPS.items():
            for match in re.compile(old).finditer(text, start):
                yield self._replaced(match.start(), match.end(), new)

    def _replaced(self, start: int, end: int, new: bytes) -> Mutant:
        line = self.source.count(b"\n", 0, start) + 1
        return Mutant(self.path, line, start, self.source[start:end], new)

    def _place(self, node: ast.AST) -> tuple[int, int]:
        """Where the node's bytes begin and end; the whole file for what has no place."""
        if not isinstance(node, ast.stmt | ast.expr):
            return 0, 0
        start = self._lines[node.lineno - 1] + node.col_offset
        return start, self._lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """What runs and can be wrong: no annotations, decorators, asserts, docstrings, functions of a
    `Protocol`, and no numbers that are ABOUT something.

    An f-string is one text.
    """
    yield node
    if isinstance(node, ast.JoinedStr):
        return
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns", "decorator_list"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_beside_the_point(child):
                    yield from _code(child)


def _is_beside_the_point(node: ast.AST) -> bool:
    docstring = isinstance(node, ast.Expr) and _is_text(node.value)
    said = docstring or isinstance(node, ast.Assert)
    return said or _is_declared_only(node) or _is_about(node) or _is_for_types(node)


def _is_about(node: ast.AST) -> bool:
    """`MOST_KNOWN = 512`"""
    if not isinstance(node, ast.Assign):
        return False
    return any(
        isinstance(name, ast.Name) and name.id in ABOUT
        for target in node.targets
        for name in ast.walk(target)
    )


def _is_for_types(node: ast.AST) -> bool:
    """`event.ticket or 0`: an event about a ticket names one, which a type can't say."""
    return isinstance(node, ast.BoolOp) and ast.unparse(node) == "event.ticket or 0"


def _is_declared_only(node: ast.AST) -> bool:
    """`def f(self, a: int = 1) -> int: ...`"""
    if not isinstance(node, ast.FunctionDef) or not isinstance(node.body[-1], ast.Expr):
        return False
    last = node.body[-1].value
    return isinstance(last, ast.Constant) and last.value is ...


def _is_text(node: ast.AST) -> bool:
    text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return text or isinstance(node, ast.JoinedStr)


def _can_be_left_out(node: ast.If | ast.Expr) -> bool:
    """A guard clause, or a statement that is only a call."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    leaves = isinstance(node.body[0], ast.Return | ast.Raise | ast.Continue | ast.Break)
    return leaves and not node.orelse and len(node.body) == 1


def _condition_end(sql: bytes, start: int) -> int:
    """Where the condition that begins here ends: before the next word or its parenthesis' end."""
    depth, at = 0, start
    while at < len(sql) and (
        depth or not (sql.startswith(b")", at) or CONDITION_ENDS.match(sql, at))
    ):
        depth += sql.startswith(b"(", at) - sql.startswith(b")", at)
        at += 1
    return at
