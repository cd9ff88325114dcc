"""What somebody reads who starts the example office for the first time."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queue_server.commands.demo import what_to_try
from queue_server.commands.upkeep import example_config
from queue_server.commands.welcome import FirstStart, prepare, print_addresses, print_welcome
from queue_server.settings import Settings, load_settings
from tests.commands.conftest import Aufruf, printed

LINES, COLUMNS = 25, 80
MORNING = datetime(2026, 6, 8, 7, 0, tzinfo=UTC)
NIGHT = datetime(2026, 9, 29, 21, 0, tzinfo=UTC)
SHIPPED = Path(__file__).parents[2] / "config.toml"


def shipped(folder: Path, *, always_open: bool = False) -> Settings:
    """The config.toml that everybody begins with, its data in this folder."""
    (folder / "config.toml").write_text(example_config(), "utf-8")
    return load_settings(folder / "config.toml", {}, always_open=always_open)


def rows(text: str) -> list[str]:
    """The lines as a terminal of 80 columns breaks them."""
    return [row for line in text.splitlines() for row in textwrap.wrap(line, COLUMNS) or [""]]


@pytest.mark.parametrize(
    ("now", "always_open", "says"),
    [
        (MORNING, False, "Draw a number at the kiosk"),
        (NIGHT, False, "Rathaus Musterstadt is closed until Wed 30 September, 08:00"),
        (NIGHT, True, "Draw a number at the kiosk"),
    ],
    ids=["open", "closed at night", "always open"],
)
def test_the_first_start_of_the_example_office_fits_on_a_terminal(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    now: datetime,
    always_open: bool,
    says: str,
) -> None:
    settings = shipped(tmp_path, always_open=always_open)
    first = prepare(settings)

    print_addresses(settings, first, now=now)

    text = capsys.readouterr().out
    assert len(rows(text)) <= LINES, text
    assert says in text and str(first.password) in text
    assert len(first.codes) == 6 and all(code in text for code in first.codes.values())
    assert "put into" in text if always_open else "nobody can book online yet" in text


def test_a_later_start_shows_the_addresses_and_nothing_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = shipped(tmp_path)
    prepare(settings)

    print_addresses(settings, prepare(settings), now=MORNING)

    text = capsys.readouterr().out
    assert len(rows(text)) <= LINES and "/kiosk/seiteneingang" in text
    assert "password" not in text and "pairing code" not in text


def test_the_demo_fits_on_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = shipped(tmp_path, always_open=True)
    first = FirstStart("wWqCWcBv-demo", prepare(settings).codes, "demo")

    print_welcome(settings, first, what_to_try(settings, 10))

    text = capsys.readouterr().out
    assert len(rows(text)) <= LINES, text
    assert "sign in as “demo” with the password wWqCWcBv-demo" in text


def test_display_kiosk_and_desk_of_the_first_site_come_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print_addresses(shipped(tmp_path), FirstStart(None, {}), now=MORNING)

    first, others = capsys.readouterr().out.split("Everything else:")
    numbered = [line.split()[2] for line in first.splitlines() if line[:4].strip().endswith(".")]
    assert numbered == [
        f"http://localhost:8000{path}"
        for path in ("/display/wartebereich", "/kiosk/eingang", "/desk")
    ]
    assert not [address for address in numbered if address in others.split()]


def test_a_site_without_devices_still_has_its_desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = shipped(tmp_path)
    bare = replace(settings, sites=(replace(settings.sites[0], kiosks=(), displays=()),))

    print_addresses(bare, FirstStart(None, {}), now=MORNING)

    assert "  1. Desk     http://localhost:8000/desk" in capsys.readouterr().out


def test_the_example_is_the_office_that_is_shipped(aufruf: Aufruf, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(printed(aufruf("example")), "utf-8")

    assert (tmp_path / "config.toml").read_text("utf-8") == SHIPPED.read_text("utf-8").strip()
    assert "nothing is wrong" in printed(aufruf("check"))
