"""The spoken call, as the wall gets it: its own standing calls, in the language that was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.hearing import loudness, seconds_apart, seconds_of
from tests.office import HERE, Office, make_office

SILENT = '[site.voice]\nengine = "off"'
VOICE = '[site.voice]\nengine = "espeak-ng"\nquiet = ["12:00-13:00", "18:00-24:00"]'
DISPLAY = 'id = "wand"\n'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    text = (HERE / "office.toml").read_text("utf-8").replace(SILENT, VOICE, 1)
    spoken = text.replace(DISPLAY, DISPLAY + 'languages = ["de", "en"]\nvolume = 35\n', 1)
    office = make_office(tmp_path, spoken)
    yield office
    office.store.close()


CLERKS = {"schalter-1": "Aylin", "schalter-3": "Lea"}


def call(office: Office, counter: str, language: str = "de") -> int:
    """Somebody who chose this language is called; the id of the call."""
    clerk = office.signed_in(CLERKS[counter], counter)
    drawn = clerk.post(
        "/api/v1/sites/rathaus/tickets", json={"services": ["meldewesen"], "language": language}
    )
    assert drawn.status_code == 201, drawn.text
    assert clerk.post(f"/api/v1/counters/{counter}/calls", json={}).status_code == 200
    board = office.visitor().get("/api/v1/sites/rathaus/board").get_json()
    return int(board["calls"][0]["call"])


def board_call(office: Office) -> dict[str, Any]:
    """The only call of the board."""
    [shown] = office.visitor().get("/api/v1/sites/rathaus/board").get_json()["calls"]
    found: dict[str, Any] = shown
    return found


def press(office: Office, counter: str, *verbs: str) -> None:
    clerk = office.signed_in(CLERKS[counter])
    for verb in verbs:
        assert clerk.post(f"/api/v1/counters/{counter}/{verb}", json={}).status_code == 200


def heard(wall: FlaskClient, call: int) -> bytes:
    answer = wall.get(f"/display/wand/calls/{call}.wav")
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


def test_a_spoken_call_carries_its_languages_in_the_order_of_speaking(office: Office) -> None:
    wall = office.device("display", "wand")
    number = call(office, "schalter-3", "en")

    shown = board_call(office)

    assert [said["language"] for said in shown["speech"]] == ["de", "en"]
    parts = [wall.get(said["url"]) for said in shown["speech"]]
    assert [(part.status_code, part.mimetype) for part in parts] == [(200, "audio/wav")] * 2
    german, english = (part.data for part in parts)
    assert german != english
    assert seconds_of(german) + seconds_of(english) < seconds_of(heard(wall, number))
    assert wall.get(f"/display/wand/calls/{number}.wav?language=tr").status_code == 204


def test_where_no_wall_speaks_a_call_carries_no_speech(tmp_path: Path) -> None:
    silent = make_office(tmp_path)
    call(silent, "schalter-1")

    assert "speech" not in board_call(silent)
    silent.store.close()


@pytest.mark.parametrize("silence", ['quiet = ["08:00-08:30"]', "volume = 0"])
def test_a_call_that_no_wall_says_aloud_carries_no_speech(tmp_path: Path, silence: str) -> None:
    text = (HERE / "office.toml").read_text("utf-8")
    voice = f'[site.voice]\nengine = "espeak-ng"\n{silence}'
    still = make_office(tmp_path, text.replace(SILENT, voice, 1))
    call(still, "schalter-1")

    assert "speech" not in board_call(still)
    still.clock.pass_time(minutes=30)
    assert "speech" not in board_call(still)

    press(still, "schalter-1", "recall")
    assert ("speech" in board_call(still)) == ("quiet" in silence)
    still.store.close()


def test_a_call_is_spoken_in_german_and_in_the_language_that_was_chosen(office: Office) -> None:
    wall = office.device("display", "wand")
    german = heard(wall, call(office, "schalter-1"))
    english = heard(wall, call(office, "schalter-3", "en"))

    assert loudness(german) > 0.02 and 1.5 < seconds_of(german) < 6
    assert seconds_of(english) > seconds_of(german) + 2
    assert seconds_apart(german, english) > 2
    # Turkish is not among the languages of this display.
    press(office, "schalter-1", "arrival", "completion")
    assert seconds_of(heard(wall, call(office, "schalter-1", "tr"))) < seconds_of(german) + 1


def test_a_call_that_stands_no_more_is_not_spoken(office: Office) -> None:
    wall, here = office.device("display", "wand"), call(office, "schalter-1")
    press(office, "schalter-1", "arrival")

    assert [wall.get(f"/display/wand/calls/{id}.wav").status_code for id in (here, 999)] == [
        204
    ] * 2


def test_only_the_paired_wall_itself_gets_the_voice(office: Office) -> None:
    path = f"/display/wand/calls/{call(office, 'schalter-1')}.wav"
    people = (office.visitor(), office.signed_in("Lea"), office.kiosk())
    elsewhere = office.device("display", "nordend-wand")

    assert [who.get(path).status_code for who in people] == [401, 401, 403]
    assert elsewhere.get(path).status_code == 403
    assert office.device("display", "wand").get("/display/nirgends/calls/1.wav").status_code == 404


def test_the_page_of_a_paired_wall_says_how_it_sounds(office: Office) -> None:
    paired = office.device("display", "wand").get("/display/wand").text
    unpaired = office.visitor().get("/display/wand").text

    for page in (paired, unpaired):
        assert 'data-volume="35" data-quiet="12:00-13:00 18:00-24:00"' in page
    assert "data-speaks" in paired and "data-speaks" not in unpaired
