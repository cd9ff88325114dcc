"""A person holds a letter, a phone or a crumpled printout to the terminal."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from queue_server.qr import qr_png
from queue_server.scanning import (
    MAX_BYTES,
    NotAPicture,
    PictureTooLarge,
    ScanningRefused,
    read_code_texts,
)

TERMINCODE = "K7Q-M4T-XA9"
PATIENCE_SECONDS = 60
LINK = "https://termine.musterstadt.de/termin#K7Q-M4T-XA9"
HEIC = (Path(__file__).parent / "phone.heic").read_bytes()
"""A phone in a hand, taken upright and stored lying with a note to turn it, as an iPhone does."""


def code(text: str = TERMINCODE, scale: int = 8) -> Image.Image:
    return Image.open(io.BytesIO(qr_png(text, scale))).convert("L")


def on_a_desk(picture: Image.Image, size: tuple[int, int] = (1280, 720)) -> Image.Image:
    """The code lies on a grained surface, as a camera would see it."""
    # Grain of two pixels, made at half the size: a quarter of the time.
    grain = Image.effect_noise((size[0] // 2, size[1] // 2), 24)
    desk = grain.point(lambda value: 60 + value // 2).resize(size, Image.Resampling.BILINEAR)
    desk.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 3))
    return desk


def file_of(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    # The quickest way to a file; the reader does not care.
    options = {"PNG": {"compress_level": 1}, "AVIF": {"speed": 10}}.get(kind, {}) | options
    picture.save(file, kind, **options)
    return file.getvalue()


def texts_of(file: bytes) -> list[str]:
    """Whether a code can be read is not a question of how busy the machine is."""
    return read_code_texts(file, seconds=PATIENCE_SECONDS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_clean_code_is_read_from_every_format_phones_send(kind):
    assert texts_of(file_of(on_a_desk(code()), kind)) == [TERMINCODE]


@pytest.mark.parametrize("degrees", [7, 45, 90, 133, 180, 270])
def test_a_code_may_be_turned(degrees):
    turned = code().rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)

    assert texts_of(file_of(on_a_desk(turned))) == [TERMINCODE]


def test_a_code_may_be_seen_from_the_side():
    flat = code(scale=10)
    w, h = flat.size
    corners = (-w * 0.1, -h * 0.2, 0, h, w * 1.2, h * 1.3, w, 0)
    slanted = flat.transform(flat.size, Image.Transform.QUAD, corners, fillcolor=255)

    assert texts_of(file_of(on_a_desk(slanted))) == [TERMINCODE]


def test_a_dim_screen_is_enough():
    dim = on_a_desk(code()).point(lambda value: 120 + value // 20)

    assert texts_of(file_of(dim, "JPEG", quality=80)) == [TERMINCODE]


def test_a_dark_mode_screen_is_read():
    assert texts_of(file_of(on_a_desk(ImageOps.invert(code())))) == [TERMINCODE]


def test_a_shaky_hand_is_forgiven():
    blurred = on_a_desk(code()).filter(ImageFilter.GaussianBlur(2.5))

    assert texts_of(file_of(blurred, "JPEG", quality=70)) == [TERMINCODE]


def test_a_lamp_mirrored_in_the_screen_is_forgiven():
    desk = on_a_desk(code())
    lamp = Image.new("L", desk.size, 0)
    x, y = desk.width // 2 + 30, desk.height // 3
    ImageDraw.Draw(lamp).ellipse((x - 25, y - 25, x + 25, y + 25), fill=255)
    glare = ImageChops.add(desk, lamp.filter(ImageFilter.GaussianBlur(15)))

    assert texts_of(file_of(glare, "JPEG")) == [TERMINCODE]


def test_speckles_that_defeat_the_first_look_are_caught_by_a_later_attempt():
    turned = code(scale=6).rotate(31, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    soft = on_a_desk(turned).filter(ImageFilter.GaussianBlur(2.4))
    speckled = ImageChops.add(soft, salt(soft.size), offset=-128)

    assert texts_of(file_of(speckled)) == [TERMINCODE]


def salt(size: tuple[int, int]) -> Image.Image:
    """The same speckles every time, so that the test does not depend on luck."""
    dice = random.Random(1)
    # The mean of four dice is close enough to a bell; one call for each pixel would take seconds.
    a, b, c, d = (Image.frombytes("L", size, dice.randbytes(size[0] * size[1])) for _ in range(4))
    return Image.blend(Image.blend(a, b, 0.5), Image.blend(c, d, 0.5), 0.5)


def test_a_photo_of_a_large_camera_with_the_phone_held_upright():
    photo = on_a_desk(code(scale=30), (4000, 3000)).rotate(90, expand=True)
    orientation = Image.Exif()
    orientation[0x0112] = 6

    assert texts_of(file_of(photo, "JPEG", exif=orientation)) == [TERMINCODE]


def test_a_picture_of_an_iphone_is_read():
    assert texts_of(HEIC) == [LINK]


def test_the_decoder_for_iphones_is_loaded_when_the_first_of_their_pictures_comes(tmp_path):
    (tmp_path / "code.png").write_bytes(qr_png(LINK, 6))
    (tmp_path / "phone.heic").write_bytes(HEIC)
    script = """if True:
        import sys, pathlib, queue_server.scanning as scanning
        for name in ("code.png", "phone.heic"):
            texts = scanning.read_code_texts(pathlib.Path(sys.argv[1], name).read_bytes())
            print(*texts, "pi_heif" in sys.modules)
    """
    command = [sys.executable, "-c", script, str(tmp_path)]

    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [f"{LINK} False", f"{LINK} True"]


def test_all_codes_of_a_picture_are_read_each_once():
    desk = on_a_desk(code())
    desk.paste(code("https://amt.example/t/abc", 5), (20, 20))
    desk.paste(code(scale=4), (1000, 400))

    assert sorted(texts_of(file_of(desk))) == [TERMINCODE, "https://amt.example/t/abc"]


def test_a_code_drawn_on_nothing_stands_on_white_paper():
    black = Image.new("LA", code().size, (0, 0))
    black.putalpha(ImageOps.invert(code()))

    assert texts_of(file_of(black)) == [TERMINCODE]


def test_a_scan_with_sixteen_bits_a_pixel_is_read():
    deep = code().convert("I").point(lambda value: value * 257).convert("I;16")

    assert texts_of(file_of(deep)) == [TERMINCODE]


def test_only_with_a_wish_the_search_goes_on_behind_the_first_code():
    desk = Image.new("L", (1280, 720), 120)
    desk.paste(code("https://shop.example", 5), (700, 300))
    desk.paste(code(scale=6).filter(ImageFilter.GaussianBlur(3.1)), (60, 100))
    picture = file_of(desk)

    assert read_code_texts(picture) == ["https://shop.example"]
    assert read_code_texts(picture, wanted=TERMINCODE.__eq__, seconds=PATIENCE_SECONDS) == [
        "https://shop.example",
        TERMINCODE,
    ]


def test_umlauts_in_a_code_are_right():
    assert texts_of(file_of(code("Bürgerbüro – Straße 3"))) == ["Bürgerbüro – Straße 3"]


def test_a_picture_without_a_code_gives_nothing_and_soon():
    picture = file_of(on_a_desk(Image.new("L", (200, 200), 255)), "JPEG")
    began = time.thread_time()

    assert read_code_texts(picture) == []
    assert time.thread_time() - began < 2, "a generous bound: it is about 0.15 s of work"


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 2)])
def test_a_sliver_of_a_picture_holds_no_code(size):
    assert read_code_texts(file_of(Image.new("L", size, 255))) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>", bytes(5000)],
    ids=["empty", "text", "pdf", "svg", "zeros"],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(NotAPicture):
        read_code_texts(data)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "GIF"])
def test_formats_no_phone_sends_are_refused(kind):
    with pytest.raises(NotAPicture):
        read_code_texts(file_of(code(), kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIC"])
@pytest.mark.parametrize("part", [0.01, 0.3, 0.9])
def test_a_file_that_is_cut_off_is_refused(kind, part):
    whole = HEIC if kind == "HEIC" else file_of(on_a_desk(code()), kind)

    with pytest.raises(NotAPicture):
        read_code_texts(whole[: int(len(whole) * part)])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIC"])
def test_damaged_files_end_in_an_answer_or_a_refusal_never_in_another_error(kind):
    whole = HEIC if kind == "HEIC" else file_of(code(), kind)
    # The boxes before the pixels are where a decoder can be led astray; pixels take their time.
    places, files = (800, 40) if kind == "HEIC" else (len(whole), 60)
    dice = random.Random(7)
    for _ in range(files):
        damaged = bytearray(whole)
        for _ in range(dice.randrange(1, 12)):
            damaged[dice.randrange(places)] = dice.randrange(256)
        try:
            assert isinstance(read_code_texts(bytes(damaged)), list)
        except ScanningRefused as refusal:
            assert refusal.code in {"not_a_picture", "picture_too_large"}


def test_too_many_bytes_are_refused_before_anything_is_read():
    with pytest.raises(PictureTooLarge):
        read_code_texts(bytes(MAX_BYTES + 1))


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_bomb_is_refused_by_its_header(side):
    began = time.thread_time()

    with pytest.raises(PictureTooLarge):
        read_code_texts(png_claiming(side, side))
    assert time.thread_time() - began < 1


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_bomb_is_refused_by_its_header_in_a_heic_file_too(side):
    with pytest.raises(PictureTooLarge):
        read_code_texts(heic_claiming(side, side))


def test_a_heic_file_that_understates_its_size_is_not_decoded():
    with pytest.raises(NotAPicture):
        read_code_texts(heic_claiming(64, 64))


def heic_claiming(width: int, height: int) -> bytes:
    """The picture of the phone with another size in its header."""
    start = HEIC.index(b"ispe") + 8
    return HEIC[:start] + struct.pack(">II", width, height) + HEIC[start + 8 :]


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that promise a picture of this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    parts = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
