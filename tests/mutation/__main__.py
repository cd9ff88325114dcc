"""Mutation testing: does a test fail when a line of `domain/` or `store/` is wrong?

    make mutants                                               a sample, ten minutes at most
    make mutants ARGS="--sample 0 queue_server/store/cells.py"     every mutant of one file

Each mutant is one small mistake (`mutants.py` says which) in a temporary copy of the tree. First
the tests run without any, and it is written down which test calls which function (`witness.py`).
Then those that call the mutated one are asked until one fails (`trying.py`): the test of the
module's name first, then those that name it, then the others, the quickest first (`asking.py`).
Examples of Hypothesis are fixed: the same seed on the same code gives the same answer, on a busy
machine, too.

It makes no two mistakes at once and none in migrations, annotations, decorators, asserts and
functions that are only declared. Tests that start servers and browsers are not asked: they are
slow, and what only they would notice lacks a test further down. A survivor is a missing test, or a
change that changes nothing.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutation.asking import Witnesses
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.trying import ROOT, Verdict, make_trees, try_one, witnessed

MUTATED = ("queue_server/domain", "queue_server/store")


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
            print("The tests fail without any mutant, or take longer than half an hour.")
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
    """So many of them in a random order that the seed decides, or all.

    Each has its place in this order by itself, so after a change of one file, or of the kinds of
    mistakes, the same seed still tries the same mutants everywhere else.
    """
    ordered = sorted(mutants, key=lambda mutant: random.Random(f"{seed} {mutant!r}").random())
    return ordered[: size or len(ordered)]


def try_all(
    mutants: Sequence[Mutant], trees: list[Path], witnesses: Witnesses, stop_at: float
) -> dict[Mutant, Verdict]:
    """What became of each mutant; those whose turn did not come are missing."""
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def attempt(mutant: Mutant) -> tuple[Mutant, Verdict] | None:
        if time.monotonic() > stop_at:
            return None
        tree = free.get()
        try:
            verdict = try_one(tree, mutant, witnesses)
        finally:
            free.put(tree)
        is_killed = verdict is Verdict.KILLED
        print("." if is_killed else f"\n{verdict}: {mutant}\n", end="", flush=True)
        return mutant, verdict

    with ThreadPoolExecutor(len(trees)) as workers:
        return dict(filter(None, workers.map(attempt, mutants)))


def tell(tried: dict[Mutant, Verdict], wanted: int) -> None:
    killed, survivors, undecided = (
        [mutant for mutant, each in tried.items() if each is verdict] for verdict in Verdict
    )
    decided = len(killed) + len(survivors)
    print(f"\n\n{len(killed)} of {decided} killed, {100 * len(killed) / max(1, decided):.1f} %")
    if len(tried) < wanted:
        print(f"{wanted - len(tried)} not tried: time was over (--minutes)")
    tell_each("survived", survivors)
    tell_each("undecided, the tests did not end without the mistake either", undecided)


def tell_each(what: str, mutants: list[Mutant]) -> None:
    print(f"{len(mutants)} {what}")
    for mutant in sorted(mutants, key=lambda each: (each.path, each.line)):
        print(f"  {mutant}")


if __name__ == "__main__":
    sys.exit(main())
