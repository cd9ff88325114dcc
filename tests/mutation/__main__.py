"""Mutation testing: does a test fail when a line of `domain/` or `store/` is wrong?

    make mutants                                               a sample, ten minutes at most
    make mutants ARGS="--sample 0 queue_server/store/cells.py"     every mutant of one file

Each mutant is one small mistake (`mutants.py` says which) in a temporary copy of the tree. First
the tests run without any, and it is written down which test calls which function (`witness.py`).
Then those that call the mutated one are asked until one fails (`asking.py`): the test of the
module's name first, then those that name it, then the others, the quickest first. Examples of
Hypothesis are fixed: the same seed on the same code gives the same answer.

It makes no two mistakes at once and none in migrations, annotations, decorators, asserts and
functions that are only declared. Tests that start servers and browsers are not asked: they are
slow, and what only they would notice lacks a test further down. A survivor is a missing test, or a
change that changes nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path
from queue import SimpleQueue

from tests.mutation.asking import Witnesses, files_to_ask, turns
from tests.mutation.mutants import Mutant, mutants_of

ROOT = Path(__file__).parents[2]
MUTATED = ("queue_server/domain", "queue_server/store")
PYTEST = (
    *("-m", "pytest", "-x", "-q", "--no-header", "--tb=no"),
    *("-p", "pytest_timeout", "-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider"),
)
# Fixed examples, and only the two plugins that these tests need.
ENVIRONMENT = {"CI": "true", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def main() -> int:
    wanted = arguments()
    mutants = sample(all_mutants(wanted.files), wanted.sample, wanted.seed)
    print(
        f"{len(mutants)} mutants, seed {wanted.seed}, at most {wanted.minutes:g} minutes",
        flush=True,
    )
    stop_at = time.monotonic() + wanted.minutes * 60
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trees = make_trees(Path(folder), wanted.workers)
        witnesses = witnessed(trees)
        if witnesses is None:
            print("The tests fail without any mutant, or take longer than ten minutes.")
            return 1
        tried = try_all(mutants, trees, witnesses, stop_at)
    tell(tried, len(mutants))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("files", nargs="*", default=files_of(*MUTATED), help="files to mutate")
    parser.add_argument("--sample", type=int, default=120, help="so many mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def files_of(*folders: str, tree: Path = ROOT) -> list[str]:
    """The Python files that stand directly in these folders."""
    found = (path for folder in folders for path in sorted((tree / folder).glob("*.py")))
    return [str(path.relative_to(tree)) for path in found]


def all_mutants(files: Sequence[str]) -> list[Mutant]:
    return [mutant for file in files for mutant in mutants_of(file, (ROOT / file).read_bytes())]


def sample(mutants: list[Mutant], size: int, seed: int) -> list[Mutant]:
    """So many of them in a random order that the seed decides, or all."""
    return random.Random(seed).sample(mutants, min(size or len(mutants), len(mutants)))


# -- copies of the tree --------------------------------------------------------------------------


def make_trees(folder: Path, workers: int) -> list[Path]:
    """A copy of the tree for each worker."""
    trees = [folder / str(n) for n in range(workers)]
    for tree in trees:
        copy_tree(tree)
    return trees


def witnessed(trees: list[Path]) -> Witnesses | None:
    """Who calls what, from a run of the tests as they are; None when one fails."""

    def ask(n: int) -> int:
        files = files_to_ask(trees[n])[n :: len(trees)]
        options = ("-p", "tests.mutation.witness", "--witness=witness.json")
        return ask_tests(trees[n], [*options, *files], seconds=600)

    with ThreadPoolExecutor(len(trees)) as workers:
        if any(workers.map(ask, range(len(trees)))):
            return None
    return Witnesses.read(tree / "witness.json" for tree in trees)


def copy_tree(tree: Path) -> None:
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


def try_all(
    mutants: Sequence[Mutant], trees: list[Path], witnesses: Witnesses, stop_at: float
) -> dict[Mutant, bool]:
    """Whether each mutant was killed; those whose turn did not come are missing."""
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def attempt(mutant: Mutant) -> tuple[Mutant, bool] | None:
        if time.monotonic() > stop_at:
            return None
        tree = free.get()
        try:
            with mutated(tree, mutant):
                # -B: no mutant is compiled.
                asked = turns(tree, mutant, witnesses)
                killed = any(ask_tests(tree, tests, "-B") != 0 for tests in asked)
        finally:
            free.put(tree)
        print("." if killed else f"\n{mutant}\n", end="", flush=True)
        return mutant, killed

    with ThreadPoolExecutor(len(trees)) as workers:
        return dict(filter(None, workers.map(attempt, mutants)))


def ask_tests(tree: Path, tests: Sequence[str], *options: str, seconds: float = 300) -> int:
    """pytest's exit code; a run without an end counts as failed."""
    command = [sys.executable, *options, *PYTEST, *tests]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(
        command, cwd=tree, env=os.environ | ENVIRONMENT, start_new_session=True, **quiet
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return 1
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def tell(tried: dict[Mutant, bool], wanted: int) -> None:
    survivors = [mutant for mutant, killed in tried.items() if not killed]
    killed = len(tried) - len(survivors)
    print(f"\n\n{killed} of {len(tried)} killed, {100 * killed / max(1, len(tried)):.1f} %")
    if len(tried) < wanted:
        print(f"{wanted - len(tried)} not tried: time was over (--minutes)")
    for mutant in sorted(survivors, key=lambda each: (each.path, each.line)):
        print(f"  {mutant}")


if __name__ == "__main__":
    sys.exit(main())
