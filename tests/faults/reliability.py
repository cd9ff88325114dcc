"""`python -m tests.faults.reliability XML…` writes docs/reliability.md from what was seen.

A run of everything has one file; where several ran, the last one that names a test counts. Nothing
is written unless every fault of the register was tried and every test passed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from bench.table import machine
from tests.faults.register import FAULTS, Fault

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
HEAD = """# Reliability

What happens to Aufruf when its machine, its disk, its network or its neighbours fail, tried on the
real product: real server processes, real files, real browsers. `make faults` does all of it again
(ten minutes, as root, on Linux) and writes this page; a short form of each is part of `make test`.
[promises.md](promises.md) says what each promise rests on.

Tried on {machine}.

| fault | what was done | times | what was seen | test |
|---|---|---|---|---|
"""
FOOT = """
## What these runs have found

Each was mended, and the test that found it stays.

- A disk that fails while something is *read* came out as a fault of the program (500), because
  ending the broken snapshot failed once more. It is a refusal in words now (503), like a failed
  write.
- A transaction that wrote nothing was taken for a proof that the disk is well: `/readyz` said
  "ready" while the disk was gone.

## What they do not show

- A whole run loses power 40 times and draws 60 numbers over the bad network. The column *times*
  says how often it was done for this page.
- The file system that forgets is ours (`tests/faults/forgetful.py`): it keeps what POSIX promises
  after `fsync`, and nothing else. A disk that says "synced" and lies loses what it lied about; no
  program can mend that.
- A disk that was gone and comes back needs a restart of the server: its open files point to what
  is no more. Until then it refuses, and `/readyz` says 503.
- The kernel of the machine named above has no `netem`; loss and delay are made by
  `tests/faults/bad_line.py`, packet by packet.
"""


@dataclass
class Outcome:
    """Of all cases of one test."""

    passed: int = 0
    failed: int = 0
    rounds: int = 0
    seen: str = ""

    def add(self, case: ElementTree.Element) -> None:
        told = {each.get("name"): each.get("value") for each in case.iter("property")}
        is_bad = any(case.find(kind) is not None for kind in ("failure", "error", "skipped"))
        self.failed += is_bad
        self.passed += not is_bad
        self.rounds += int(told.get("rounds") or 1)
        self.seen = told.get("seen") or self.seen


def main() -> int:
    outcomes: dict[str, Outcome] = {}
    for name in sys.argv[1:]:
        outcomes |= outcomes_in(Path(name))
    bad = [test for test, outcome in outcomes.items() if outcome.failed]
    missing = [fault.test for fault in FAULTS if fault.test not in outcomes]
    if bad or missing:
        print("docs/reliability.md stays as it is.", *bad, *missing, sep="\n  ", file=sys.stderr)
        return 1
    rows = [row(fault, outcomes[fault.test]) for fault in FAULTS]
    PAGE.write_text(HEAD.format(machine=machine()) + "\n".join(rows) + "\n" + FOOT, "utf-8")
    return 0


def outcomes_in(file: Path) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for case in ElementTree.parse(file).iter("testcase"):
        place = (case.get("classname") or "").replace(".", "/")
        name = (case.get("name") or "").partition("[")[0]
        found.setdefault(f"{place}.py::{name}", Outcome()).add(case)
    return found


def row(fault: Fault, outcome: Outcome) -> str:
    """`fixed_cells` and what this run saw."""
    name, done, test = fixed_cells(fault)
    seen = outcome.seen or f"As it must be, in {outcome.passed} of {outcome.passed} cases."
    return f"| {name} | {done} | {outcome.rounds} | {seen} | {test} |"


def fixed_cells(fault: Fault) -> tuple[str, str, str]:
    """What does not depend on a run."""
    return fault.name, fault.done, f"`{fault.test}`"


if __name__ == "__main__":
    sys.exit(main())
