"""How calls sound, as config.toml says it: for the site, and for a display that differs."""

from __future__ import annotations

import pytest

from queue_server.domain.hours import Span

VOICE = '[site.voice]\nvolume = 70\nquiet = ["12:00-13:00"]\n'
DISPLAYS = (
    '[[site.display]]\nid = "saal"\n[[site.display]]\nid = "flur"\nvolume = 0\nquiet = []\n'
    '[[site.display]]\nid = "stumm"\nvoice = false\n'
)


def test_a_display_sounds_as_its_site_unless_it_says_otherwise(office, smallest):
    settings = office.load(smallest + VOICE + DISPLAYS)

    sounds = {}
    for id in ("saal", "flur", "stumm"):
        site, display = settings.display(id)
        rules = site.voice.at(display)
        sounds[id] = (rules.engine, rules.volume, rules.quiet)
    noon = (Span(720, 780),)
    assert sounds == {
        "saal": ("espeak-ng", 70, noon),
        "flur": ("espeak-ng", 0, ()),
        "stumm": ("off", 70, noon),
    }


@pytest.mark.parametrize(
    ("engine", "key", "words"),
    [
        ("piper", "voice", "the German voice file"),
        ("recordings", "folder", "the folder of the recordings"),
    ],
)
def test_an_engine_that_speaks_from_files_is_told_where_they_are(
    office, smallest, engine, key, words
):
    [problem] = office.problems(smallest + f'[site.voice]\nengine = "{engine}"\n')

    assert problem.endswith(
        f'site "rathaus".voice.{key}: expected {words}, because engine is "{engine}"'
    )
    office.load(smallest + f'[site.voice]\nengine = "{engine}"\n{key} = "somewhere"\n')


@pytest.mark.parametrize("line", ["volume = 101", "speed = 20", 'quiet = ["13:00-12:00"]'])
def test_what_can_not_be_heard_or_understood_is_refused(office, smallest, line):
    [problem] = office.problems(smallest + f"[site.voice]\n{line}\n")

    assert "voice." in problem and "expected" in problem
