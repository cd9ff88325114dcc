"""The mistakes that mutation testing makes: the right ones, one at a time, and valid Python."""

from __future__ import annotations

import ast
import re
from random import Random

import pytest

from tests.mutation.__main__ import MUTATED, all_mutants, files_of, sample
from tests.mutation.asking import Witnesses, files_to_ask, function_at, turns
from tests.mutation.mutants import ABOUT, Mutant, mutants_of
from tests.mutation.trying import ROOT


def changed(source: str) -> set[str]:
    """What a line becomes, one mistake at a time."""
    return {mutant.of(source.encode()).decode() for mutant in mutants_of("x.py", source.encode())}


@pytest.mark.parametrize(
    ("line", "mistakes"),
    [
        ("a < b <= c", {"a <= b <= c", "a < b < c"}),
        ("a and b", {"a or b"}),
        ("a is not b", {"a is b"}),
        ("a - b", {"a + b"}),
        ("not a", {" a"}),
        ("x = 3", {"x = 4", "x = 2"}),
        ("x = True", {"x = False"}),
        ("tell(a)", {"pass"}),
        ("'ä' + a; a == b", {"'ä' + a; a != b"}),
    ],
)
def test_each_kind_of_mistake_is_made_by_itself(line, mistakes):
    assert changed(line) == mistakes


def test_a_guard_clause_is_left_out_and_a_branch_is_not():
    guard, branch = (
        "def f():\n    if a:\n        return\n    b()",
        "if a:\n    b = c\nelse:\n    d = c",
    )

    assert "def f():\n    pass\n    b()" in changed(guard)
    assert changed(branch) == set()


def test_a_condition_of_a_where_is_left_out_with_all_that_belongs_to_it():
    sql = 'x = "SELECT a FROM t WHERE b = :b AND (c = 1 OR d IN (1, 2)) AND e = 2 ORDER BY f DESC"'

    assert changed(sql) == {
        sql.replace("b = :b AND ", ""),
        sql.replace(" AND (c = 1 OR d IN (1, 2))", ""),
        sql.replace(" AND e = 2", ""),
        sql.replace("DESC", "ASC"),
    }


def test_a_comparison_in_sql_is_shifted_by_one():
    sql = 'x = f"""DELETE FROM t WHERE a <= :a AND {b} AND c < :c"""'

    assert {sql.replace("<= :a", "< :a"), sql.replace("< :c", "<= :c")} <= changed(sql)


def test_docstrings_annotations_decorators_and_asserts_are_let_be():
    source = (
        '@cache(1)\ndef f(a: 1) -> 2:\n    """Not 3 AND WHERE."""\n    assert a > 1\n    return a'
    )

    assert changed(source) == set()
    assert changed("class C(Protocol):\n    def f(self, a: int = 1) -> int: ...") == set()


def test_what_is_only_about_right_or_there_for_the_type_checker_is_let_be():
    assert changed("MOST_KNOWN = 512") == changed("PAGE, EVER = 5_000, 2**62") == set()
    assert changed("x = event.ticket or 0") == set()
    assert changed("MOST_VISITORS = 512") and changed("x = event.counter or 0")


def test_every_number_that_is_about_something_is_in_the_product():
    source = "\n".join((ROOT / file).read_text() for file in files_of(*MUTATED))

    assert [name for name in ABOUT if not re.search(rf"^{name}\b.* = ", source, re.M)] == []


def test_every_mistake_in_the_product_is_python_and_differs():
    some = Random(1).sample(all_mutants(files_of(*MUTATED)), 60)

    for mutant in some:
        source = (ROOT / mutant.path).read_bytes()
        assert mutant.of(source) != source
        ast.parse(mutant.of(source))


def test_a_seed_decides_which_mutants_are_tried():
    mutants = all_mutants(["queue_server/store/cells.py"])

    assert sample(mutants, 5, 1) == sample(mutants, 5, 1) != sample(mutants, 5, 2)
    assert len(sample(mutants, 0, 1)) == len(mutants)


def test_a_mutant_that_is_no_longer_made_gives_way_to_the_next_and_the_others_stay():
    mutants = all_mutants(["queue_server/store/cells.py"])
    first, *others = sample(mutants, 6, 1)

    assert sample([mutant for mutant in mutants if mutant != first], 5, 1) == others


# -- who is asked ----------------------------------------------------------------------------------

CELLS = "queue_server/store/cells.py"


def begins(name: str) -> int:
    """The line at which a function of this name begins in `store/cells.py`."""
    tree = ast.parse((ROOT / CELLS).read_text())
    return next(n.lineno for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)


def told(**tests: tuple[float, list[str]]) -> Witnesses:
    nodes = {name.replace("__", "/") + ".py::test": each for name, each in tests.items()}
    return Witnesses(
        {node: seconds for node, (seconds, _) in nodes.items()},
        {node: frozenset(calls) for node, (_, calls) in nodes.items()},
    )


def test_only_tests_that_call_the_function_are_asked_its_own_first_and_then_the_quickest():
    takes = f"{CELLS}:{begins('take')}"
    mutant = Mutant(CELLS, begins("take") + 1, 0, b"", b"")
    witnesses = told(
        tests__actions__test_calling=(1.0, [takes]),
        tests__actions__test_desks=(0.1, [takes]),
        tests__actions__test_staff=(0.1, [f"{CELLS}:1"]),
        tests__store__test_cells=(9.0, [takes]),
    )

    assert function_at(ROOT / CELLS, mutant.line) == begins("take")
    assert turns(ROOT, mutant, witnesses) == [
        ["tests/store/test_cells.py::test"],
        ["tests/actions/test_desks.py::test", "tests/actions/test_calling.py::test"],
    ]


def test_about_what_stands_outside_of_functions_every_user_of_the_module_is_asked():
    witnesses = told(
        tests__actions__test_desks=(0.1, [f"{CELLS}:{begins('take')}"]),
        tests__actions__test_staff=(0.1, []),
    )

    assert turns(ROOT, Mutant(CELLS, 1, 0, b"", b""), witnesses) == [
        ["tests/actions/test_desks.py::test"]
    ]


def test_about_a_module_without_functions_those_are_asked_that_name_it():
    events = Mutant("queue_server/domain/events.py", 1, 0, b"", b"")
    witnesses = told(tests__domain__test_events=(0.1, []), tests__store__test_cells=(0.1, []))

    assert turns(ROOT, events, witnesses) == [["tests/domain/test_events.py::test"]]


def test_files_that_start_servers_are_not_asked():
    asked = files_to_ask(ROOT)

    assert "tests/store/test_cells.py" in asked and "tests/faults/test_clock.py" not in asked
