"""The lock files: every package once, with hashes, the same for offices and for tests."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME = ROOT / "deploy" / "requirements.txt"
DEV = ROOT / "deploy" / "requirements-dev.txt"
POSTGRES = ROOT / "deploy" / "requirements-postgres.txt"
ENTRY = re.compile(r"==\S+( ;[^;]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")


def entries(lock: Path) -> dict[str, str]:
    """What stands behind the name of each package, hashes included."""
    text = re.sub(r"^\s*#.*\n?", "", lock.read_text("utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return dict(re.split(r"(?===)", line, maxsplit=1) for line in lines if line.strip())


def pins(lock: Path) -> dict[str, str]:
    """Name and version of each package."""
    return {name: entry.split()[0].removeprefix("==") for name, entry in entries(lock).items()}


@pytest.mark.parametrize("lock", [RUNTIME, DEV, POSTGRES], ids=lambda lock: lock.name)
def test_every_locked_package_has_a_version_and_hashes(lock: Path) -> None:
    found = entries(lock)

    assert len(found) > 50
    bare = [name for name, entry in found.items() if not ENTRY.fullmatch(entry)]
    assert bare == []


@pytest.mark.parametrize("lock", [RUNTIME, DEV, POSTGRES], ids=lambda lock: lock.name)
def test_a_lock_file_names_no_place_to_install_from(lock: Path) -> None:
    assert not re.search(r"://|^\s*-[^-]|index|find-links", _uncommented(lock), re.MULTILINE)


def test_tests_run_with_the_versions_that_offices_install() -> None:
    runtime, postgres, dev = pins(RUNTIME), pins(POSTGRES), pins(DEV)
    installed = runtime | postgres

    assert {name: version for name, version in installed.items() if dev.get(name) != version} == {}
    assert runtime.items() <= postgres.items()


@pytest.mark.parametrize(
    ("asked", "lock"),
    [
        *((asked, RUNTIME) for asked in PROJECT["dependencies"]),
        *((asked, POSTGRES) for asked in PROJECT["optional-dependencies"]["postgres"]),
        *((asked, DEV) for asked in PROJECT["optional-dependencies"]["dev"]),
    ],
    ids=str,
)
def test_every_range_is_locked_inside_of_it(asked: str, lock: Path) -> None:
    wanted, locked = Requirement(asked), pins(lock)

    assert wanted.specifier.contains(locked[_plain(wanted.name)])


def test_what_the_worker_of_the_server_imports_is_locked_for_offices() -> None:
    assert {"gevent", "packaging"} <= pins(RUNTIME).keys()


def test_pip_is_not_locked_since_every_environment_brings_its_own() -> None:
    assert "pip" not in pins(RUNTIME) | pins(DEV)


def test_the_version_is_written_down_once() -> None:
    assert "version" not in PROJECT and PROJECT["dynamic"] == ["version"]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _uncommented(lock: Path) -> str:
    return re.sub(r"#.*", "", lock.read_text("utf-8"))
