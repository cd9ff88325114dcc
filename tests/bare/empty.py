"""Empty environments: the wheel, installed where nothing of the working copy can be seen."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "deploy" / "requirements.txt"
INSIDE = Path(__file__).parent / "inside"
INSTALL_SECONDS, STEPS_SECONDS = 600, 300
TAKE_THE_STEPS = "import sys; sys.path.insert(0, {folder!r}); from inside.steps import main; main()"


def copy_of_tracked_files(target: Path) -> Path:
    """What a clone would hold, with what is changed and not committed yet."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_symlink() or (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name, follow_symlinks=False)
    return target


def wheel_in(folder: Path) -> Path:
    """The wheel, built from a copy, so that nothing is left behind in the working copy."""
    source = copy_of_tracked_files(folder / "source")
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    _pip(Path(sys.executable), *build)
    return next(folder.glob("aufruf-*.whl"))


class Environment:
    """A virtual environment in this folder with pip alone, and a folder to work in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "environment" / "bin" / "python"
        venv = [sys.executable, "-m", "venv", str(folder / "environment")]
        subprocess.run(venv, check=True, timeout=INSTALL_SECONDS)

    def install_locked(self, wheel: Path) -> None:
        """As deploy/setup.sh does: what the lock names, with its hashes, and nothing else."""
        self._install("--no-deps", "--require-hashes", "--requirement", str(LOCK))
        self._install("--no-deps", "--no-index", str(wheel))

    def install_newest(self, wheel: Path) -> None:
        """As `pip install` of the wheel does: the newest versions that the ranges allow."""
        self._install("--upgrade", str(wheel))

    def take_steps(self) -> list[str]:
        """The steps that do not hold, each with what is wrong."""
        shutil.copytree(INSIDE, self.folder / "inside", ignore=shutil.ignore_patterns("__pyc*"))
        (self.folder / "office").mkdir()
        steps = TAKE_THE_STEPS.format(folder=str(self.folder))
        done = subprocess.run(
            [self.python, "-I", "-c", steps], cwd=self.folder / "office", env=self._variables(),
            text=True, capture_output=True, timeout=STEPS_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found: dict[str, str] = json.loads(done.stdout)
        return [f"{step}: {trouble}" for step, trouble in found.items() if trouble]

    def drift(self) -> list[str]:
        """What is installed here in another version than the lock names, or not named by it."""
        frozen = _pip(self.python, "list", "--format", "freeze").splitlines()
        locked = {*map(_plain, LOCK.read_text().splitlines())}
        found = {*map(_plain, frozen)} - locked
        return sorted(name for name in found if not name.startswith(("pip==", "aufruf==")))

    def _install(self, *words: str) -> None:
        # Compiling all that is never imported takes a third of the time.
        _pip(self.python, "install", "--no-compile", *words)

    def _variables(self) -> dict[str, str]:
        """What a program needs to run, and nothing that leads back to the working copy."""
        return {"PATH": os.defpath, "HOME": str(self.folder), "TMPDIR": str(self.folder),
                "LANG": "C.UTF-8"}  # fmt: skip


def _plain(line: str) -> str:
    """`Zope.Event==6.2 ; …` is `zope-event==6.2`."""
    return re.sub(r"[-_.]+(?=.*==)", "-", line.partition(" ")[0].lower())


def _pip(python: Path, *words: str) -> str:
    done = subprocess.run(
        [python, "-m", "pip", *words], cwd="/", text=True, capture_output=True,
        timeout=INSTALL_SECONDS, env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )  # fmt: skip
    assert done.returncode == 0, f"pip {' '.join(words)}:\n{done.stdout}{done.stderr}"
    return done.stdout
