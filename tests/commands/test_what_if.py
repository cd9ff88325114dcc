"""`aufruf what-if`: the identity first, then both worlds side by side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Aufruf, printed, refused
from tests.history.played_offices import MONDAY, play_morning
from tests.office import make_office

DAY = ("--from", MONDAY, "--to", MONDAY)


@pytest.fixture
def played(tmp_path: Path, aufruf: Aufruf) -> Aufruf:
    """The command in the folder of an office that has worked a morning."""
    office = make_office(tmp_path)
    play_morning(office)
    office.store.close()
    return aufruf


def test_the_first_line_says_whether_the_replay_was_the_real_day(played: Aufruf) -> None:
    lines = printed(played("what-if", "--site", "rathaus", *DAY, "--rule", "strict")).splitlines()

    assert lines[0].startswith("identical: the replay gave all 6 calls of 1 days")
    assert "as it was" in lines[2] and "what if" in lines[2]
    assert any(line.startswith("appointments: wait mean, minutes") for line in lines)
    assert lines[-1] == "Who came, when, and how long their service took is taken as it was."


def test_every_option_is_understood(played: Aufruf) -> None:
    told = printed(
        played(
            "what-if", "--site", "rathaus", *DAY, "--rule", "accumulating", "--ratio", "2.5",
            "--busy-from", "5", "--guard-after", "30", "--guard-every", "2", "--counters", "+1",
            "--opens-earlier", "-30", "--closes-later", "30", "--json",
        )
    )  # fmt: skip

    found = json.loads(told)
    assert found["identical"] is True and found["from"] == MONDAY
    assert found["what_if"]["all"]["wait"]["mean"] < found["actual"]["all"]["wait"]["mean"]


def test_one_counter_fewer_names_it(played: Aufruf) -> None:
    told = printed(played("what-if", "--site", "rathaus", *DAY, "--counters", "-1"))

    assert "Schalter 1 stays closed on 1 days." in told


def test_a_rule_that_was_another_one_is_named_call_by_call(played: Aufruf, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    strict = config.read_text().replace(
        "[site.booking]\nstep_minutes = 15",
        '[site.priority]\nrule = "strict"\n\n[site.booking]\nstep_minutes = 15',
    )
    config.write_text(strict)

    lines = printed(played("what-if", "--site", "rathaus", *DAY)).splitlines()

    assert lines[0].startswith("NOT identical: ")
    assert "schalter-1" in lines[1] and "the rule would have called M" in lines[1]


def test_days_without_people_are_said_in_one_line(played: Aufruf) -> None:
    told = printed(
        played("what-if", "--site", "rathaus", "--from", "2020-01-01", "--to", "2020-01-02")
    )

    assert told == "Nobody came on these days."


def test_what_cannot_be_is_refused(played: Aufruf) -> None:
    unknown = played("what-if", "--site", "nowhere", *DAY)
    backwards = played("what-if", "--site", "rathaus", "--from", MONDAY, "--to", "2026-06-01")
    too_long = played("what-if", "--site", "rathaus", "--from", "2024-01-01", "--to", MONDAY)
    ends_of_time = played("what-if", "--from", "0001-01-01", "--to", "9999-12-31")
    counters = played("what-if", "--site", "rathaus", *DAY, "--counters", "5")

    assert "nowhere" in refused(unknown)
    misused = (backwards, too_long, ends_of_time, counters)
    assert [result.exit_code for result in misused] == [2, 2, 2, 2]
    assert "at most 400 days" in too_long.stderr
