"""Phones, letters and printouts as a kiosk's camera sees them: every code is read, none invented.

How long it takes is no matter here, so that a busy machine does not fail a test: `bench.pictures`
measures it, with the limits that hold in service.
"""

from __future__ import annotations

import io
from functools import cache

import pytest
from PIL import Image

from queue_server.domain.codes import parse_code
from queue_server.scanning import read_code_texts
from tests.scanning.hard_pictures import HARD_PICTURES, LINK, phone_video_frames
from tests.scanning.no_code_pictures import NO_CODE_PICTURES, NoCode
from tests.scanning.studio.shot import Shot

PATIENCE_SECONDS = 60


@cache
def texts_of(shot: Shot) -> list[str]:
    return read_code_texts(shot.file(), parse_code, PATIENCE_SECONDS)


@pytest.mark.parametrize("shot", HARD_PICTURES, ids=lambda shot: shot.name)
def test_a_code_is_read_from(shot: Shot) -> None:
    texts = texts_of(shot)

    assert shot.text in texts
    assert set(texts) <= shot.texts, "nothing is read that is not there"


@pytest.mark.parametrize("picture", NO_CODE_PICTURES, ids=lambda picture: picture.name)
def test_no_code_is_found_in(picture: NoCode) -> None:
    assert read_code_texts(picture.file(), parse_code, PATIENCE_SECONDS) == []


def test_the_set_is_large_and_says_what_each_picture_is() -> None:
    names = [shot.name for shot in HARD_PICTURES] + [picture.name for picture in NO_CODE_PICTURES]

    assert len(HARD_PICTURES) >= 60
    assert len(NO_CODE_PICTURES) >= 20
    assert len(set(names)) == len(names)
    assert all(parse_code(shot.text) for shot in HARD_PICTURES)


def test_a_picture_is_the_same_every_time_and_another_draw_is_another_picture() -> None:
    shot = next(shot for shot in HARD_PICTURES if shot.name == "a far phone, dim and compressed")

    assert shot.file() == shot.file()
    assert shot.file() != shot.file(draw=1)


@pytest.mark.parametrize(
    "shot", [shot for shot in HARD_PICTURES if shot.beside], ids=lambda shot: shot.name
)
def test_a_clear_code_does_not_hide_a_hard_one_when_only_that_is_wanted(shot: Shot) -> None:
    assert [text for text in texts_of(shot) if parse_code(text)] == [shot.text]


def test_a_film_begins_without_a_code_and_ends_with_one_that_is_read_at_first_sight() -> None:
    frames = list(phone_video_frames(LINK, frames=4, still=1))

    assert [frame.size for frame in frames] == [(1280, 720)] * 6
    assert read_code_texts(jpeg_of(frames[0])) == []
    assert read_code_texts(jpeg_of(frames[-1]), seconds=0) == [LINK]


def jpeg_of(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()
