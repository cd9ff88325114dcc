"""Whoever installs Aufruf gets all of it: no step needs the working copy or its tools.

The steps are those of tests/bare/inside/steps.py, taken by the Python of the empty environment.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bare.empty import Environment, wheel_in

# pip, and a dozen steps after it, on a machine that does other things, too.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Outside of the working copy, and gone afterwards: an environment takes 200 MB."""
    with tempfile.TemporaryDirectory(prefix="aufruf-bare-") as name:
        yield Path(name)


def test_the_locked_packages_are_all_that_it_needs(folder: Path) -> None:
    environment = Environment(folder)

    environment.install_locked(wheel_in(folder))

    faults = environment.take_steps()
    assert not faults, "\n".join(faults)
    assert environment.drift() == []


def test_the_newest_allowed_packages_do_as_well(folder: Path) -> None:
    environment = Environment(folder)

    environment.install_newest(wheel_in(folder))

    print("Other versions than the lock names:", *environment.drift() or ["none"], sep="\n  ")
    faults = environment.take_steps()
    assert not faults, "\n".join(faults)
