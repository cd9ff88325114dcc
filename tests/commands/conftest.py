"""The command, run in a folder with the office's configuration."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.commands.all import aufruf as command
from queue_server.settings import Settings, load_settings
from tests.office import HERE

Aufruf = Callable[..., Result]


@pytest.fixture
def aufruf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Aufruf:
    """`aufruf("clerk", "add", …)` in this process; stdout and stderr apart, exit code as given."""
    for name in [name for name in os.environ if re.match("AUFRUF_", name)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    shutil.copy(HERE / "office.toml", tmp_path / "config.toml")

    def run(*words: str, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(command, words, input=input, prog_name="aufruf")

    return run


@pytest.fixture
def settings(aufruf: Aufruf, tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "config.toml", {})


def printed(result: Result) -> str:
    """What a command that went well wrote to stdout."""
    assert result.exit_code == 0, result.output
    return str(result.stdout).strip()


def refused(result: Result) -> str:
    """The sentence on stderr of a command that was refused."""
    assert result.exit_code == 1, result.output
    assert result.stdout == "" and "Traceback" not in result.stderr
    return str(result.stderr).strip()


def misused(result: Result) -> str:
    """What stderr says to words that can't be right, whatever the office is like."""
    assert result.exit_code == 2, result.output
    assert result.stdout == "" and "Traceback" not in result.stderr
    return str(result.stderr).strip()
