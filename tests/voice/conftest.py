"""A site with places of every kind, and engines that are really there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from queue_server.domain.hours import ALWAYS
from queue_server.domain.site import Counter, Display, Service, Site, VoiceRules
from queue_server.voice.announcer import Announcer

COUNTERS = (
    Counter("s3", "Schalter 3"),
    Counter("s4", "Schalter 4"),
    Counter("saal", "Trausaal"),
    Counter("amt", "Standesamt", spoken="zum Standesamt"),
    Counter("z204", "Zimmer 204 a"),
    Counter("e7", "Raum E.07"),
    Counter("bare", "5"),
)


@pytest.fixture
def site() -> Site:
    return Site(
        id="rathaus",
        name="Rathaus",
        zone=ZoneInfo("Europe/Berlin"),
        hours=ALWAYS,
        services=(Service("meldewesen", "Meldewesen", "M", 10),),
        counters=COUNTERS,
        displays=(Display("wand"),),
    )


@pytest.fixture
def announcer(tmp_path: Path) -> Announcer:
    """With its files and relative paths in the folder of the test."""
    return Announcer(tmp_path / "kept", tmp_path)


@pytest.fixture
def speaking(site: Site) -> Callable[..., Site]:
    """`speaking(engine="piper", voice="de.onnx")` gives the site with this voice."""
    return lambda **rules: replace(site, voice=VoiceRules(**rules))


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """`program("piper", script)` puts a program of this name in front of all others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=":")

    def install(name: str, script: str) -> Path:
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return file

    return install


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any engine."""
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
