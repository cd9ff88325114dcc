"""docs/reliability.md and the fault tests say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.faults.register import FAULTS, Fault
from tests.faults.reliability import FOOT, PAGE, Outcome, fixed_cells, row

ROOT = Path(__file__).parents[2]
ROWS = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_names_a_test_that_exists(fault: Fault) -> None:
    file, _, function = fault.test.partition("::")

    assert f"\ndef {function}(" in (ROOT / file).read_text("utf-8")


def test_the_page_tells_of_every_fault_what_the_register_says_and_what_was_seen() -> None:
    told = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in ROWS]

    assert [(name, done, test) for name, done, _, _, test in told] == [
        fixed_cells(fault) for fault in FAULTS
    ]
    assert all(int(times) > 0 and seen for _, _, times, seen, _ in told)


def test_the_page_names_the_machine_and_what_it_does_not_show() -> None:
    page = PAGE.read_text("utf-8")

    assert re.search(r"^Tried on \d+ cores, .*, \d{4}-\d\d-\d\d\.$", page, re.MULTILINE)
    assert page.endswith(FOOT)


def test_a_run_that_says_nothing_of_its_own_is_told_by_its_cases() -> None:
    assert "| 2 | As it must be, in 2 of 2 cases. |" in row(FAULTS[0], Outcome(passed=2, rounds=2))
