"""What a mutant is judged by: a failing test kills it, a run that dies says nothing by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.asking import Witnesses
from tests.mutation.mutants import Mutant
from tests.mutation.trying import Verdict, mutated, try_one

PRODUCT = "def longer(wait: int) -> int:\n    return wait + 1\n"
PLUS = Mutant("product.py", 2, PRODUCT.index("+"), b"+", b"-")
HELD = "import product\n\ndef test_it(): assert product.longer(1) == 2\n"
LOOSE = "import product\n\ndef test_it(): assert product.longer(1) != 5\n"
# Without an exit code of pytest's own, as when the machine has no memory left.
DIES_OF_IT = "import os, product\n\ndef test_it(): product.longer(1) == 2 or os.abort()\n"
DIES_ANYHOW = "import os, product\n\ndef test_it(): os.abort()\n"


def verdict(tree: Path, test: str) -> Verdict:
    (tree / "product.py").write_text(PRODUCT)
    (tree / "test_product.py").write_text(test)
    (tree / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    node = "test_product.py::test_it"
    return try_one(tree, PLUS, Witnesses({node: 0.1}, {node: frozenset(["product.py:1"])}))


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (HELD, Verdict.KILLED),
        (LOOSE, Verdict.SURVIVED),
        (DIES_OF_IT, Verdict.KILLED),
        (DIES_ANYHOW, Verdict.UNDECIDED),
    ],
)
def test_a_failing_test_kills_and_a_run_that_dies_without_the_mutant_too_says_nothing(
    tmp_path, test, expected
):
    assert verdict(tmp_path, test) is expected
    assert (tmp_path / "product.py").read_text() == PRODUCT


def test_a_mutant_that_no_test_calls_has_survived(tmp_path):
    (tmp_path / "product.py").write_text(PRODUCT)

    assert try_one(tmp_path, PLUS, Witnesses({}, {})) is Verdict.SURVIVED


def test_the_mistake_is_in_the_file_only_as_long_as_it_is_tried(tmp_path):
    (tmp_path / "product.py").write_text(PRODUCT)

    with pytest.raises(KeyError), mutated(tmp_path, PLUS):
        assert "wait - 1" in (tmp_path / "product.py").read_text()
        raise KeyError
    assert (tmp_path / "product.py").read_text() == PRODUCT
