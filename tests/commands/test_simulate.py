"""`aufruf simulate queue` and `aufruf simulate day`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Aufruf, misused, printed, refused
from tests.simulation import formulas

FEW = ("--customers", "3000")
MARKS = {"mean", "p50", "p90", "p95"}


def queue(aufruf: Aufruf, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed(aufruf("simulate", "queue", *words, "--json")))
    return found


def day(aufruf: Aufruf, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed(aufruf("simulate", "day", *words, "--json")))
    return found


# -- queue -------------------------------------------------------------------------------------


def test_a_queue_prints_every_class_highest_first(aufruf: Aufruf) -> None:
    words = ["--counters", "6", "--load", "0.9", "--minutes", "12", "--shares", "10,40,50"]
    found = queue(aufruf, *words, "--rule", "accumulating", "--ratios", "6,3,1", *FEW)

    assert {"classes", "overall"} <= found.keys()
    assert all(each.keys() >= MARKS for each in [*found["classes"], found["overall"]])
    means = [each["mean"] for each in found["classes"]]
    assert means == sorted(means) and means[0] < found["overall"]["mean"] < means[-1]
    assert sum(each["count"] for each in found["classes"]) == 3000


def test_a_queue_waits_as_erlang_says(aufruf: Aufruf) -> None:
    found = queue(aufruf, "--counters", "4", "--load", "0.7", "--customers", "200000")

    # Standard deviations over ten seeds: 1 %.
    mean = formulas.erlang_mean(4, 0.7, 12)
    assert found["overall"]["mean"] == pytest.approx(mean, rel=0.04)


def test_without_options_a_queue_of_usual_size_is_simulated(aufruf: Aufruf) -> None:
    assert len(queue(aufruf, *FEW)["classes"]) == 2


def test_the_same_seed_prints_the_same_queue(aufruf: Aufruf) -> None:
    assert queue(aufruf, *FEW, "--seed", "5") == queue(aufruf, *FEW, "--seed", "5")
    assert queue(aufruf, *FEW, "--seed", "5") != queue(aufruf, *FEW, "--seed", "6")


@pytest.mark.parametrize("service", ["deterministic", "lognormal:0.5", "exponential"])
def test_a_queue_is_also_a_table_that_people_can_read(aufruf: Aufruf, service: str) -> None:
    said = printed(aufruf("simulate", "queue", "--service", service, *FEW))

    assert service in said
    assert [line.split()[0] for line in said.splitlines()[2:6]] == ["class", "1", "2", "all"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--load", "1"), "load: must be above 0 and at most 0.999"),
        (("--load", "nan"), "load"),
        (("--counters", "0"), "counters: must be from 1"),
        (("--minutes", "0"), "minutes: must be more than 0"),
        (("--service", "gamma"), "service: must be exponential"),
        (("--service", "lognormal:x"), "service"),
        (("--shares", "0,0"), "shares: must add up to more than 0"),
        (("--shares", "1,-1"), "shares: must not be negative"),
        (("--rule", "accumulating", "--ratios", "3,2,1"), "ratios: must name one ratio for each"),
        (("--rule", "accumulating", "--ratios", "3,0"), "ratios: must be more than 0"),
        (("--customers", "0"), "customers: must be from 1"),
    ],
)
def test_a_queue_that_makes_no_sense_is_wrong_usage_named_in_a_sentence(
    aufruf: Aufruf, words: tuple[str, ...], says: str
) -> None:
    assert says in misused(aufruf("simulate", "queue", *words))


@pytest.mark.parametrize(
    "words", [("--shares", "1,x"), ("--rule", "due_first"), ("--seed", "-1"), ("--load", "much")]
)
def test_a_word_that_is_no_value_is_wrong_usage(aufruf: Aufruf, words: tuple[str, ...]) -> None:
    assert "Error: Invalid value" in misused(aufruf("simulate", "queue", *words))


def test_a_queue_needs_no_configuration_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "queue_server", "simulate", "queue", "--customers", "500"]
    run = subprocess.run([*command, "--json"], cwd=tmp_path, capture_output=True, text=True)

    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout)["overall"]["count"] == 500
    assert list(tmp_path.iterdir()) == []


# -- day ---------------------------------------------------------------------------------------


def test_a_day_reports_what_an_office_promises(aufruf: Aufruf) -> None:
    found = day(aufruf, "--site", "nordend", "--days", "5")

    booked, walk_ins = found["classes"]["appointments"], found["classes"]["walk_ins"]
    assert booked.keys() >= {*MARKS, "max"} and walk_ins.keys() >= {*MARKS, "max"}
    assert set(booked["within"]) == {"5", "10", "15"} and set(walk_ins["within"]) == {"30", "60"}
    assert found["idle_minutes_while_waiting"] == 0
    assert found["served"] == booked["count"] + walk_ins["count"] - found["vain_calls"]
    assert {"overtaken", "overtime", "refused"} <= found.keys()


def test_the_same_seed_prints_the_same_day_and_opens_no_database(
    aufruf: Aufruf, tmp_path: Path
) -> None:
    first, again, other = (
        day(aufruf, "--site", "nordend", "--seed", seed) for seed in ("3", "3", "4")
    )

    assert first == again
    assert first["classes"] != other["classes"]
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_a_day_follows_the_rule_that_is_asked_for(aufruf: Aufruf) -> None:
    words = ("--site", "nordend", "--days", "10", "--load", "1.2", "--no-ticket-stop")
    arrival, strict = (day(aufruf, *words, "--rule", rule) for rule in ("arrival", "strict"))

    waits = [found["classes"]["appointments"]["mean"] for found in (arrival, strict)]
    assert waits[1] < waits[0] / 2
    assert strict["served"] == arrival["served"] and strict["refused"] == 0


def test_with_a_clerk_less_the_same_people_wait_longer(aufruf: Aufruf) -> None:
    full, short = (day(aufruf, "--load", "0.5", *words) for words in ((), ("--counters", "2")))

    assert short["counters"] == 2 and full["counters"] == 3
    assert short["classes"]["walk_ins"]["mean"] > full["classes"]["walk_ins"]["mean"]


def test_a_day_is_also_a_table_that_people_can_read(aufruf: Aufruf) -> None:
    said = printed(aufruf("simulate", "day", "--site", "nordend"))

    assert "appointments" in said and "walk-ins" in said
    assert "A counter idle while somebody waits for it: 0 min" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--days", "0"), "days: must be from 1"),
        (("--load", "-1"), "load: must be from 0"),
        (("--no-shows", "1"), "no_shows: must be from 0"),
        (("--counters", "9"), "counters: must be from 1 to 3"),
    ],
)
def test_a_day_that_makes_no_sense_is_wrong_usage_named_in_a_sentence(
    aufruf: Aufruf, words: tuple[str, ...], says: str
) -> None:
    assert says in misused(aufruf("simulate", "day", *words))


@pytest.mark.parametrize("words", [("--site", "nowhere"), ("--config", "nowhere.toml")])
def test_an_office_that_is_not_there_is_refused(aufruf: Aufruf, words: tuple[str, ...]) -> None:
    assert words[1] in refused(aufruf("simulate", "day", *words))
