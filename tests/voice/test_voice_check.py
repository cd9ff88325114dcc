"""`aufruf check` says what of the voice works, and what of config.toml does nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from queue_server.domain.site import Display, Site, VoiceRules
from queue_server.voice import check


def test_a_voice_that_works_is_no_news(site: Site, tmp_path: Path) -> None:
    spoken = replace(site, displays=(Display("wand", languages=("de", "de-x-leicht", "ar")),))

    assert check.faults(spoken, tmp_path) == [] and list(check.notes(spoken)) == []


@pytest.mark.usefixtures("nothing_installed")
def test_without_espeak_the_office_works_and_is_told(site: Site, tmp_path: Path) -> None:
    assert check.faults(site, tmp_path) == []
    (note,) = check.notes(site)
    assert note.endswith("the gong rings alone: apt-get install espeak-ng")


def test_languages_that_nobody_will_hear_are_named(site: Site) -> None:
    mute = replace(site, displays=(Display("wand", voice=False, languages=("de", "en", "tr")),))
    off = replace(
        site, displays=(Display("wand", languages=("en",)),), voice=VoiceRules(engine="off")
    )

    assert [*check.notes(mute), *check.notes(off)] == [
        "display wand: its languages (en, tr) are not spoken, because voice = false",
        'display wand: its languages (en) are not spoken, because the engine of the site is "off"',
    ]
