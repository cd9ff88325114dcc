"""The steps in their order; each is a sentence that holds, or raises with what is wrong."""

from __future__ import annotations

import json
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from . import modules, tour
from .server import RunningServer, aufruf
from .visit import Visit

PATIENCE_SECONDS = 60
# What a log, a traceback or gunicorn begins a line with.
LOG_LINE = re.compile(r"^\d{4}-\d\d-\d\d .*|^Traceback.*|^\[\d{4}-.*", re.MULTILINE)


@dataclass
class Ground:
    """An empty folder, and what earlier steps have put there."""

    folder: Path
    visit: Visit = field(init=False)

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"


def the_program_is_the_installed_one(ground: Ground) -> None:
    _no(modules.elsewhere(), "comes from elsewhere")
    said, packaged = aufruf(ground.folder, "--version").stdout.strip(), version("aufruf")
    assert said == f"aufruf, version {packaged}", f"{said!r}, and the package is {packaged}"


def whatever_it_imports_is_installed(ground: Ground) -> None:
    _no(modules.faults(), "is missing")


def every_command_explains_itself(ground: Ground) -> None:
    commands = list(_verbs())
    assert ("run",) in commands and ("clerk", "add") in commands
    _no([words for words in commands if not _explains(words)], "does not explain itself")


def the_example_office_is_without_fault(ground: Ground) -> None:
    example = aufruf(ground.folder, "example")
    assert example.returncode == 0, example.stderr
    slips = ground.folder / "slips.bin"
    text = example.stdout.replace('printer = "browser"', f'printer = "file://{slips}"')
    assert str(slips) in text, 'the example office has no kiosk with printer = "browser"'
    ground.config.write_text(text, "utf-8")
    checked = aufruf(ground.folder, "check")
    assert checked.returncode == 0 and "nothing is wrong" in checked.stdout, checked


def it_runs_and_says_how_to_get_in(ground: Ground) -> None:
    server = RunningServer(ground.folder, "run", "--always-open")
    ground.visit = Visit(server, ground.folder / "slips.bin")
    ground.visit.come_in()


def a_number_is_drawn(ground: Ground) -> None:
    ground.visit.draw()


def its_slip_is_printed(ground: Ground) -> None:
    ground.visit.print_slip()


def it_is_called_and_the_board_comes_by_socket(ground: Ground) -> None:
    ground.visit.call()


def the_picture_of_a_termincode_is_read(ground: Ground) -> None:
    ground.visit.read_picture()


def every_address_opens(ground: Ground) -> None:
    ground.visit.close_a_day()
    routes = tour.routes_of(ground.config)
    assert len(routes) > 50, f"only {len(routes)} routes: {routes}"
    _no(tour.faults(ground.visit.browser, routes, ground.visit.known()), "does not open")


def it_stops_when_told_and_had_nothing_to_complain_about(ground: Ground) -> None:
    _stopped_quietly(ground.visit.server)


def the_demo_lives_and_stops_when_told(ground: Ground) -> None:
    demo = RunningServer(ground.folder, "demo")
    try:
        _somebody_is_called(demo)
        for path in ("/", "/display/wartebereich", "/desk", "/termin"):
            demo.browser().get(path).must_be(200)
        _stopped_quietly(demo)
    finally:
        demo.close()


STEPS: tuple[Callable[[Ground], None], ...] = (
    the_program_is_the_installed_one,
    whatever_it_imports_is_installed,
    every_command_explains_itself,
    the_example_office_is_without_fault,
    it_runs_and_says_how_to_get_in,
    a_number_is_drawn,
    its_slip_is_printed,
    it_is_called_and_the_board_comes_by_socket,
    the_picture_of_a_termincode_is_read,
    every_address_opens,
    it_stops_when_told_and_had_nothing_to_complain_about,
    the_demo_lives_and_stops_when_told,
)


def main() -> None:
    """Take every step in this folder and print what came of each, as JSON: "" when it holds."""
    ground = Ground(Path.cwd())
    try:
        found = {step.__name__: _trouble(step, ground) for step in STEPS}
    finally:
        if hasattr(ground, "visit"):
            ground.visit.server.close()
    json.dump(found, sys.stdout)


def _trouble(step: Callable[[Ground], None], ground: Ground) -> str:
    try:
        step(ground)
    except AssertionError as error:
        return str(error) or traceback.format_exc()
    except Exception:
        return traceback.format_exc()
    return ""


def _no(faults: Sequence[object], what: str) -> None:
    assert not faults, "\n".join(f"{fault} {what}" for fault in faults)


def _somebody_is_called(demo: RunningServer) -> None:
    """The town has a morning behind it, and goes on; between two calls the board is empty."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        board = demo.browser().get("/api/v1/sites/rathaus/board").must_be(200)
        if board.json()["calls"]:
            return
        time.sleep(0.2)
    raise AssertionError(f"nobody is called in the demo: {board.text}")


def _stopped_quietly(server: RunningServer) -> None:
    code = server.stop()
    assert code == 0, f"SIGTERM ended it with {code}:\n{server.printed}"
    _no(LOG_LINE.findall(server.printed), "was written to the terminal")


def _explains(words: Sequence[str]) -> bool:
    """In this process, which has imported all of it: thirty others would import it again."""
    from click.testing import CliRunner

    from queue_server.commands.all import aufruf as installed

    said = CliRunner().invoke(installed, [*words, "--help"], prog_name="aufruf")
    return said.exit_code == 0 and said.stdout.startswith("Usage: aufruf")


def _verbs(command: Any = None, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every verb of the installed command, those inside of others, too."""
    import click

    from queue_server.commands.all import aufruf as installed

    command = command or installed
    yield words
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from _verbs(command.get_command(click.Context(command), name), (*words, name))
