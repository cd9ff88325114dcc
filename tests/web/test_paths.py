"""What one request of a visitor may cost, as docs/architecture.md says."""

from __future__ import annotations

from pathlib import Path

from bench.paths import DRAW, MOST_TO_DRAW, WARM_ROUNDS, Office


def test_a_number_is_drawn_in_one_transaction_few_statements_and_few_files(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for _ in range(WARM_ROUNDS):
        what, cost = next(office.walk())
    office.close()

    assert what == DRAW
    counts = cost.counts()
    assert {unit: counts[unit] for unit in MOST_TO_DRAW if counts[unit] > MOST_TO_DRAW[unit]} == {}
