"""Engines: what they give is sound, different calls sound different, and failing costs no call."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from queue_server.domain.site import Display, Site
from queue_server.settings.schema_site import LANGUAGES
from queue_server.voice import check
from queue_server.voice.announcer import MOST_KEPT_BYTES, Announcer
from queue_server.voice.program import ProgramFailed, run
from tests.hearing import loudness, seconds_apart, seconds_of, spectrum, tone
from tests.server_process import is_alive

Speaking = Callable[..., Site]
Install = Callable[[str, str], Path]
SPEECH_SECONDS = (1.5, 9.0)
# What piper does: it reads a line and writes a WAV file. The options are those of its command.
PIPER = """
while [ $# -gt 0 ]; do
    case "$1" in
        --model) model=$2 ;;
        --length_scale) length=$2 ;;
        --output_file) file=$2 ;;
    esac
    shift 2
done
echo "$model $length $(cat)" >> "$LOG"
cp "$model" "$file"
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_spoken(announcer: Announcer, site: Site, language: str) -> None:
    spoken = announcer.call(site, "s3", "M 042", (language,))

    assert spoken is not None and loudness(spoken) > 0.02
    assert SPEECH_SECONDS[0] < seconds_of(spoken) < SPEECH_SECONDS[1]


def test_different_calls_sound_different_and_the_same_call_the_same(
    announcer: Announcer, site: Site
) -> None:
    def spoken(number: str, counter: str, language: str = "de") -> bytes:
        found = announcer.call(site, counter, number, (language,))
        assert found is not None
        return found

    call = spoken("M 042", "s3")

    assert seconds_apart(call, spoken("M 042", "s3")) == 0
    others = [("M 043", "s3"), ("M 024", "s3"), ("A 042", "s3"), ("M 042", "s4"), ("M 142", "s3")]
    assert [other for other in others if seconds_apart(call, spoken(*other)) < 0.3] == []
    assert seconds_apart(call, spoken("M 042", "s3", "en")) > 1


def test_two_languages_are_one_file_with_german_first(announcer: Announcer, site: Site) -> None:
    german, english, both = (
        announcer.call(site, "s3", "M 042", languages)
        for languages in (("de",), ("en",), ("de", "en"))
    )
    assert german and english and both

    assert seconds_of(both) == pytest.approx(
        seconds_of(german) + 0.6 + seconds_of(english), abs=0.1
    )
    assert spectrum(both)[:60] == spectrum(german)[:60]


def test_a_slower_voice_speaks_longer(announcer: Announcer, speaking: Speaking) -> None:
    slow, quick = (
        announcer.call(speaking(speed=speed), "s3", "M 042", ("de",)) for speed in (70, 140)
    )

    assert slow and quick and seconds_of(slow) > 1.3 * seconds_of(quick)


def test_what_was_rendered_once_is_spoken_without_the_engine(
    announcer: Announcer, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = announcer.call(site, "s3", "M 042", ("de",))
    monkeypatch.setenv("PATH", "")

    assert announcer.call(site, "s3", "M 042", ("de",)) == first
    assert announcer.call(site, "s4", "M 042", ("de",)) is None


def test_what_is_kept_has_an_end_and_the_newest_stays(
    announcer: Announcer, site: Site, tmp_path: Path
) -> None:
    announcer.call(site, "s3", "M 001", ("de",))
    (old,) = (tmp_path / "kept").iterdir()
    with old.open("r+b") as file:
        file.truncate(MOST_KEPT_BYTES)
    announcer.call(site, "s3", "M 002", ("de",))

    (kept,) = (tmp_path / "kept").iterdir()
    assert kept != old


def test_a_file_that_was_cut_off_is_rendered_anew(
    announcer: Announcer, site: Site, tmp_path: Path
) -> None:
    whole = announcer.call(site, "s3", "M 001", ("de",))
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(kept.read_bytes()[:20])

    assert announcer.call(site, "s3", "M 001", ("de",)) == whole


def test_a_disk_that_takes_nothing_keeps_nobody_silent(site: Site, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")

    assert Announcer(tmp_path / "kept", tmp_path).call(site, "s3", "M 001", ("de",))


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({}, "espeak-ng is not installed, so calls are not spoken and the gong rings alone"),
        ({"engine": "piper", "voice": "de.onnx"}, "piper is not installed"),
        ({"engine": "recordings", "folder": "own"}, "nummer.wav, m.wav"),
    ],
)
def test_without_an_engine_there_is_the_gong_and_a_sentence(
    announcer: Announcer,
    speaking: Speaking,
    caplog: pytest.LogCaptureFixture,
    rules: dict[str, str],
    sentence: str,
) -> None:
    here = speaking(**rules)

    assert announcer.call(here, "s3", "M 042", ("de",)) is None
    assert announcer.call(here, "s3", "M 042", ("de",)) is None
    assert [sentence in record.message for record in caplog.records] == [True]


def test_an_engine_that_fails_rests_and_is_then_tried_again(
    site: Site, tmp_path: Path, program: Install, caplog: pytest.LogCaptureFixture
) -> None:
    broken = program("espeak-ng", f'echo tried >> {tmp_path}/log; echo "no such voice" >&2; exit 1')
    seconds = [0.0]
    announcer = Announcer(tmp_path / "kept", tmp_path, lambda: seconds[0])
    calls = [announcer.call(site, "s3", f"M 00{n}", ("de",)) for n in range(1, 4)]

    assert calls == [None] * 3 and (tmp_path / "log").read_text() == "tried\n"
    assert "espeak-ng failed: no such voice" in caplog.text

    broken.unlink()
    assert announcer.call(site, "s3", "M 001", ("de",)) is None
    seconds[0] = 61
    assert announcer.call(site, "s3", "M 001", ("de",))


def test_an_engine_that_writes_silence_has_failed(
    announcer: Announcer, site: Site, program: Install, caplog: pytest.LogCaptureFixture
) -> None:
    program("espeak-ng", 'for file; do true; done; printf RIFF > "$file"')

    assert announcer.call(site, "s3", "M 001", ("de",)) is None
    assert "is no WAV file" in caplog.text


def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    shell = shutil.which("sh")
    assert shell
    script = f"echo $$ > {tmp_path}/pid; sleep 100 & echo $! > {tmp_path}/child; wait"

    with pytest.raises(ProgramFailed, match=r"sh took longer than 1 s"):
        run([shell, "-c", script], "", 1)

    for name in ("pid", "child"):
        wait_until_gone(int((tmp_path / name).read_text()))


def wait_until_gone(pid: int) -> None:
    give_up = time.monotonic() + 60
    while is_alive(pid):
        assert time.monotonic() < give_up, f"process {pid} goes on"
        time.sleep(0.01)


def test_piper_speaks_each_language_with_the_voice_file_that_is_named(
    announcer: Announcer,
    speaking: Speaking,
    program: Install,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    program("piper", PIPER)
    (tmp_path / "de.onnx").write_bytes(tone(300, 1))
    (tmp_path / "en.onnx").write_bytes(tone(500, 1, rate=22_050))
    here = speaking(engine="piper", voice="de.onnx", voices={"en": "en.onnx"}, speed=80)

    spoken = announcer.call(here, "s3", "M 042", ("de", "en"))

    assert spoken and seconds_of(spoken) == pytest.approx(2.6, abs=0.01)
    assert (tmp_path / "log").read_text().splitlines() == [
        f"{tmp_path}/de.onnx 1.25 Nummer M 42, bitte zu Schalter 3.",
        f"{tmp_path}/en.onnx 1.25 Number M 42, please go to counter 3.",
    ]


def test_check_names_what_piper_lacks(speaking: Speaking, program: Install, tmp_path: Path) -> None:
    program("piper", PIPER)
    displays = (Display("wand", languages=("de", "en")),)
    here = replace(speaking(engine="piper", voice="de.onnx"), displays=displays)

    assert check.faults(here, tmp_path) == [
        f"the voice file {tmp_path}/de.onnx is not there",
        "no voice is named for the language en: [site.voice.voices] en",
    ]
