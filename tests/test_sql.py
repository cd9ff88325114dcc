"""Every SQL statement of the server is one that PostgreSQL's own grammar accepts, too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from pglast import parse_sql
from pglast.parser import ParseError

import queue_server.queries
import queue_server.store

STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s", re.IGNORECASE)
NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
KEYWORDS = re.compile(
    r"\b(select|insert|update|delete|from|where|and|or|order by|values|set|in|join)\b"
)
# SQLite's own housekeeping stands in its engine, the schema in the migrations.
ENGINE_ONLY = {"sqlite", "migrations"}


def modules() -> Iterator[ModuleType]:
    for room in (queue_server.store, queue_server.queries):
        for path in sorted(Path(room.__path__[0]).glob("*.py")):
            if path.stem not in {"__init__", *ENGINE_ONLY}:
                yield import_module(f"{room.__name__}.{path.stem}")


@cache
def statements() -> tuple[tuple[str, str], ...]:
    """Every statement as (where, text): the first argument of rows, row and write, evaluated.

    Evaluated in its own module, so that constants and their pieces are joined as at run time.
    """
    found: dict[str, str] = {}
    for module in modules():
        tree = ast.parse(Path(module.__file__ or "").read_text())
        for node in ast.walk(tree):
            if is_query(node):
                where = f"{module.__name__}:{node.lineno}"
                found |= dict.fromkeys(texts_of(node.args[0], module), where)
    return tuple((where, text) for text, where in found.items())


def is_query(node: ast.AST) -> bool:
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
    return bool(is_call) and node.func.attr in ("rows", "row", "write")


def texts_of(argument: ast.expr, module: ModuleType) -> list[str]:
    """The text of the argument; a local variable stands for every SQL constant of its module."""
    try:
        code = compile(ast.Expression(argument), "<sql>", "eval")
        return [eval(code, vars(module))]
    except NameError:
        values = vars(module).values()
        return [v for v in values if isinstance(v, str) and STATEMENT.match(v)]


def for_postgres(sql: str) -> str:
    """Named parameters as the numbered ones that PostgreSQL's parser knows."""
    names = list(dict.fromkeys(NAMED.findall(sql)))
    return NAMED.sub(lambda match: f"${names.index(match[1]) + 1}", sql)


def test_the_statements_of_every_module_are_found():
    found = {where.split(":")[0].rsplit(".", 1)[1] for where, _ in statements()}

    assert {"tickets", "lines", "calls", "counters", "appointments", "identities"} <= found
    assert len(statements()) > 60
    assert all(STATEMENT.match(text) for _, text in statements())


def test_every_statement_parses_in_postgresqls_grammar():
    refused = {
        where: fault for where, sql in statements() if (fault := fault_of(for_postgres(sql)))
    }

    assert refused == {}


def fault_of(sql: str) -> str:
    """What PostgreSQL's parser says against it; empty when nothing."""
    try:
        parse_sql(sql)
    except ParseError as error:
        return f"{error} in {sql}"
    return ""


def test_what_only_sqlite_understands_is_noticed():
    assert fault_of("INSERT OR REPLACE INTO tickets (id) VALUES ($1)")
    assert not fault_of("INSERT INTO tickets (id) VALUES ($1)")


def test_parameters_are_named_and_keywords_stand_in_capitals():
    texts = [(where, re.sub(r"'[^']*'", "''", sql)) for where, sql in statements()]

    assert [where for where, sql in texts if "?" in sql or KEYWORDS.search(sql)] == []


def test_every_statement_runs_on_the_real_schema(town):
    """SQLite prepares each one: no misspelt column waits for its first caller."""
    for _, sql in statements():
        params = dict.fromkeys(NAMED.findall(sql))
        with town.store.snapshot() as snapshot:
            snapshot.rows(f"EXPLAIN {sql}", params)
