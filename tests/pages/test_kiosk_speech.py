"""What the kiosk reads aloud: sound for its own pages, for its own device, and kept nowhere."""

from __future__ import annotations

import pytest

from queue_server.store.database import Offload
from queue_server.voice.reading import readable
from queue_server.web.pools import Pools
from tests.hearing import loudness, seconds_of
from tests.office import HERE, Office, make_office

SPEECH = "/kiosk/eingang/speech"


def test_a_sentence_becomes_sound_and_a_longer_one_takes_longer(office: Office) -> None:
    kiosk = office.kiosk()

    short = kiosk.post(SPEECH, data={"text": "Willkommen", "language": "de"})
    long = kiosk.post(SPEECH, data={"text": "Wählen Sie bitte Ihr Anliegen aus.", "language": "de"})

    assert short.mimetype == "audio/wav" and loudness(short.data) > 0.02
    assert seconds_of(long.data) > 1.5 * seconds_of(short.data)
    assert not (office.app.extensions["aufruf"].settings.server.data_dir / "voice").exists()


def test_languages_sound_different(office: Office) -> None:
    kiosk = office.kiosk()

    spoken = {
        language: kiosk.post(SPEECH, data={"text": "Information", "language": language}).data
        for language in ("de", "en")
    }

    assert spoken["de"] != spoken["en"]


def test_a_call_never_waits_for_a_page_that_is_read_aloud(office: Office) -> None:
    context, used = office.app.extensions["aufruf"], list[str]()

    def pool(name: str) -> Offload:
        return lambda work: (used.append(name), work())[1]

    context.pools = Pools(voices=pool("voices"), reading_aloud=pool("reading aloud"))

    answer = office.kiosk().post(SPEECH, data={"text": "Willkommen", "language": "de"})

    assert answer.mimetype == "audio/wav" and used == ["reading aloud"]


@pytest.mark.parametrize("text", ["", "  ", "\u00ad"])
def test_nothing_to_say_is_silence(office: Office, text: str) -> None:
    assert office.kiosk().post(SPEECH, data={"text": text}).status_code == 204


def test_a_kiosk_that_is_not_to_speak_has_no_button_and_no_voice(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = (HERE / "office.toml").read_text()
    config = config.replace('printer = ""', 'printer = ""\nspeech = false', 1)
    silent = make_office(tmp_path_factory.mktemp("silent"), config)
    kiosk = silent.kiosk()

    page, answer = kiosk.get("/kiosk/eingang").text, kiosk.post(SPEECH, data={"text": "Hallo"})

    silent.store.close()
    assert "Vorlesen" in office.kiosk().get("/kiosk/eingang").text
    assert "Vorlesen" not in page
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Ihre Nummer M 042.", "Ihre Nummer M 42."),
        ("A 142\n ist dran", "A 1 4 2 ist dran"),
        ("Ihr Termincode: 7K2-M4X-234", "Ihr Termincode: 7 K 2, M 4 X, 2 3 4"),
        ("Termin um 10:35 Uhr", "Termin um 10:35 Uhr"),
    ],
)
def test_numbers_are_read_as_they_are_called(written: str, spoken: str) -> None:
    assert readable(written, "de") == spoken
