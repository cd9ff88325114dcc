"""Trying a mutant: a copy of the tree, the mistake in it, and the tests that are asked about it.

Killed is what a failing test has noticed. A run without an end, or one that dies, says nothing by
itself, the machine may be busy: only when the same tests pass without the mutant, in much less
time, was it the mutant. Otherwise nobody knows, and the mutant does not count.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import cache_from_source
from pathlib import Path

from tests.mutation.asking import Witnesses, files_to_ask, turns
from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
PYTEST = (
    *("-m", "pytest", "-x", "-q", "--no-header", "--tb=no"),
    *("-p", "pytest_timeout", "-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider"),
)
# Fixed examples, and only the two plugins that these tests need.
ENVIRONMENT = {"CI": "true", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
# pytest's exit codes.
PASSED, A_TEST_FAILED = 0, 1
WITNESS_SECONDS = 1800
# A turn takes five seconds and a test more.
TURN_LIMIT_SECONDS, WITHOUT_THE_MUTANT_SECONDS = 150, 75


class Verdict(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    UNDECIDED = "undecided"


# -- copies of the tree --------------------------------------------------------------------------


def make_trees(folder: Path, workers: int) -> list[Path]:
    """A copy of the tree for each worker."""
    trees = [folder / str(n) for n in range(workers)]
    for tree in trees:
        _copy_tree(tree)
    return trees


def _copy_tree(tree: Path) -> None:
    """What git knows or could know, as it stands now."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in names.splitlines():
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)


@contextmanager
def mutated(tree: Path, mutant: Mutant) -> Iterator[None]:
    path = tree / mutant.path
    source = path.read_bytes()
    # Same size, same second: Python would take the compiled file for up to date.
    Path(cache_from_source(str(path))).unlink(missing_ok=True)
    path.write_bytes(mutant.of(source))
    try:
        yield
    finally:
        path.write_bytes(source)


# -- asking the tests ----------------------------------------------------------------------------


def witnessed(trees: list[Path]) -> Witnesses | None:
    """Who calls what, from a run of the tests as they are; None when one fails."""

    def ask(n: int) -> int | None:
        files = files_to_ask(trees[n])[n :: len(trees)]
        options = ("-p", "tests.mutation.witness", "--witness=witness.json")
        return ask_tests(trees[n], [*options, *files], WITNESS_SECONDS)

    with ThreadPoolExecutor(len(trees)) as workers:
        if any(code != PASSED for code in workers.map(ask, range(len(trees)))):
            return None
    return Witnesses.read(tree / "witness.json" for tree in trees)


def try_one(tree: Path, mutant: Mutant, witnesses: Witnesses) -> Verdict:
    """What the tests that call the mutated function say, turn by turn until one is not passed."""
    for tests in turns(tree, mutant, witnesses):
        with mutated(tree, mutant):
            # -B: no mutant is compiled.
            code = ask_tests(tree, tests, TURN_LIMIT_SECONDS, "-B")
        if code != PASSED:
            noticed = code == A_TEST_FAILED or passes_without(tree, tests)
            return Verdict.KILLED if noticed else Verdict.UNDECIDED
    return Verdict.SURVIVED


def passes_without(tree: Path, tests: Sequence[str]) -> bool:
    return ask_tests(tree, tests, WITHOUT_THE_MUTANT_SECONDS, "-B") == PASSED


def ask_tests(tree: Path, tests: Sequence[str], seconds: float, *options: str) -> int | None:
    """pytest's exit code, below zero when it was killed; None for a run without an end."""
    command = [sys.executable, *options, *PYTEST, *tests]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(
        command, cwd=tree, env=os.environ | ENVIRONMENT, start_new_session=True, **quiet
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
