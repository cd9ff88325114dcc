"""The office's own recordings: put together to calls, and what is missing is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from queue_server.domain.site import Site
from queue_server.voice import check
from queue_server.voice.announcer import Announcer
from tests.hearing import seconds_of, spectrum, tone

Speaking = Callable[..., Site]
PIECES = ("nummer", "m", *map(str, range(10)), "bitte_zu_schalter", "bitte_zu_saal")


@pytest.fixture
def own(tmp_path: Path, speaking: Speaking) -> Site:
    """A site with a recording of each piece: a tone of its own, half a second long."""
    folder = tmp_path / "own" / "de"
    folder.mkdir(parents=True)
    for step, name in enumerate(PIECES):
        (folder / f"{name}.wav").write_bytes(tone(250 + 90 * step, 0.5))
    return speaking(engine="recordings", folder="own")


def test_a_call_is_made_of_its_pieces_in_order(announcer: Announcer, own: Site) -> None:
    spoken = announcer.call(own, "s3", "M 042", ("de",))
    other = announcer.call(own, "s3", "M 043", ("de",))

    assert spoken and other
    # nummer, m, 4, 2, bitte_zu_schalter, 3, and five short pauses
    assert seconds_of(spoken) == pytest.approx(6 * 0.5 + 5 * 0.08, abs=0.01)
    assert spectrum(spoken)[:55] == spectrum(other)[:55] and spectrum(spoken) != spectrum(other)


def test_a_number_and_a_counter_that_are_recorded_as_a_whole_go_before_their_pieces(
    announcer: Announcer, own: Site, tmp_path: Path
) -> None:
    (tmp_path / "own" / "de" / "42.wav").write_bytes(tone(700, 0.9))
    (tmp_path / "own" / "de" / "bitte_zu_s3.wav").write_bytes(tone(900, 1.1))

    spoken = announcer.call(own, "s3", "M 042", ("de",))

    assert spoken and seconds_of(spoken) == pytest.approx(0.5 + 0.5 + 0.9 + 1.1 + 0.24, abs=0.01)


def test_a_new_recording_is_heard_at_the_next_call(
    announcer: Announcer, own: Site, tmp_path: Path
) -> None:
    before = announcer.call(own, "saal", "M 001", ("de",))
    (tmp_path / "own" / "de" / "bitte_zu_saal.wav").write_bytes(tone(600, 2))
    after = announcer.call(own, "saal", "M 001", ("de",))

    assert (
        before and after and seconds_of(after) == pytest.approx(seconds_of(before) + 1.5, abs=0.01)
    )


def test_check_names_every_piece_that_some_call_would_need(own: Site, tmp_path: Path) -> None:
    (tmp_path / "own" / "de" / "7.wav").unlink()

    (fault,) = check.faults(own, tmp_path)

    assert fault == (
        "the recordings 7.wav, bitte_zu_amt.wav, bitte_zu_zimmer.wav, a.wav, bitte_zu_raum.wav, "
        f"e.wav are missing in {tmp_path}/own/de"
    )


def test_a_piece_that_is_no_sound_is_named(
    announcer: Announcer, own: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "own" / "de" / "m.wav").write_bytes(b"no sound")

    assert announcer.call(own, "s3", "M 042", ("de",)) is None
    assert f"the recording {tmp_path}/own/de/m.wav is no WAV file" in caplog.text
