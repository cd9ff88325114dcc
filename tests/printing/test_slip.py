"""What stands on the paper, seen as whoever holds it sees it."""

from __future__ import annotations

import os
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import pytest
from babel import Locale
from PIL import Image, ImageFont

from queue_server.languages import CATALOGUES
from queue_server.printing import Paper, Slip, SlipForm, can_shape
from queue_server.printing.picture_slip import FONTS, draw
from queue_server.printing.slip_bytes import escpos_bytes
from tests.printing.receipt import Receipt, printed
from tests.printing.slips import FOLLOW, WORDS, slip_in

BOTH = [Paper.WIDE, Paper.NARROW]
LONG = "Staatsangehörigkeitsangelegenheiten und Verwarngeldsachbearbeitung"
AS_TEXT = ["de", "de-x-leicht", "en"]


def receipt_of(slip: Slip, paper: Paper = Paper.WIDE, *, as_picture: bool = False) -> Receipt:
    receipt = printed(escpos_bytes(slip, SlipForm(paper, as_picture)), paper)
    # AUFRUF_SLIPS=folder keeps the pictures for whoever wants to look at them.
    if folder := os.environ.get("AUFRUF_SLIPS"):
        name = sha256(repr((slip, paper, as_picture)).encode()).hexdigest()[:8]
        receipt.picture().save(Path(folder) / f"{paper.name.lower()}-{name}.png")
    return receipt


@pytest.mark.parametrize("paper", BOTH)
@pytest.mark.parametrize("language", WORDS)
def test_every_language_comes_out_whole_and_a_phone_reads_its_code(language, paper):
    receipt = receipt_of(slip_in(language), paper)

    assert receipt.codes() == [FOLLOW]
    assert receipt.cuts == 1
    assert bool(receipt.texts) is (language in AS_TEXT), "as letters, or whole as a picture"


@pytest.mark.parametrize("paper", BOTH)
def test_a_printer_may_have_every_slip_as_a_picture(paper):
    receipt = receipt_of(slip_in("de"), paper, as_picture=True)

    assert receipt.texts == [] and receipt.codes() == [FOLLOW]


@pytest.mark.parametrize("paper", BOTH)
@pytest.mark.parametrize("as_picture", [False, True])
def test_the_number_is_by_far_the_largest(paper, as_picture):
    with_number = receipt_of(Slip("Rathaus", "M 042"), paper, as_picture=as_picture)

    heights = [bottom - top for top, bottom in lines_of(with_number.picture())]
    number, others = max(heights), sorted(heights)[:-1]
    assert number >= 3 * max(others)
    # Eight dots are a millimetre: read at arm's length.
    assert number / 8 >= 8


@pytest.mark.parametrize("code", ["M 042", "K7Q-M4T-XA9"])
@pytest.mark.parametrize("paper", BOTH)
@pytest.mark.parametrize("as_picture", [False, True])
def test_numbers_and_termincodes_fit_the_paper(code, paper, as_picture):
    picture = receipt_of(Slip("Rathaus", code), paper, as_picture=as_picture).picture()

    left, _, right, _ = ink_of(picture)
    assert left >= 0 and right <= paper.dots
    assert right - left > 0.65 * paper.dots, "as large as there is room"


def test_letters_of_every_printer_go_as_text_with_all_words():
    lines = receipt_of(slip_in("de")).texts

    assert lines == [
        "Bürgerbüro Rathaus", "Ihre Nummer", "M 042", "Wohnsitz anmelden", "10:35",
        "6 Personen sind vor Ihnen.", "Mit dem Handy", "Marktplatz 1, 24000 Musterstadt",
    ]  # fmt: skip


def test_signs_that_printers_lack_have_a_plain_form():
    slip = Slip("Amt", "M 042", lines=("„Anzeige“ – 10:35\N{NO-BREAK SPACE}Uhr, 46 € …",))

    assert receipt_of(slip).texts[-1] == '"Anzeige" - 10:35 Uhr, 46 EUR ...'


def test_what_belongs_together_stays_on_one_line():
    together = "Wir rufen Sie heute etwa um 10:35\N{NO-BREAK SPACE}Uhr"
    lines = receipt_of(Slip("Amt", "M 042", lines=(together,)), Paper.NARROW).texts

    assert lines[-1].strip() == "10:35 Uhr"


def test_long_words_break_where_a_reader_expects_it():
    soft = LONG.replace("keits", "keits\N{SOFT HYPHEN}").replace("geld", "geld\N{SOFT HYPHEN}")
    receipt = receipt_of(Slip("Amt", "M 042", strong=(soft,)), Paper.NARROW)

    assert receipt.texts[-3:-1] == ["Staatsangehörigkeits-", "angelegenheiten und"]
    assert receipt.texts[-1] == "Verwarngeldsachbearbeitung", "it fits, so it stays whole"


@pytest.mark.parametrize("paper", BOTH)
@pytest.mark.parametrize("as_picture", [False, True])
def test_nothing_is_wider_than_the_paper(paper, as_picture):
    slip = Slip(LONG, "M 042", LONG, (LONG,), (LONG * 2,), FOLLOW, LONG, (LONG,))

    left, _, right, _ = ink_of(receipt_of(slip, paper, as_picture=as_picture).picture())
    assert left > 0 and right < paper.dots


@pytest.mark.parametrize("face", ["regular", "bold"])
def test_the_fonts_have_every_letter_of_the_ten_languages(face):
    font = ImageFont.truetype(FONTS / f"slip-{face}.ttf", 40)
    missing = bytes(font.getmask("\uffff"))
    letters = {letter for language in WORDS for letter in letters_of(language)}

    assert [each for each in sorted(letters) if bytes(font.getmask(each)) == missing] == []


def letters_of(language: str) -> set[str]:
    """Of its days, months, slip and catalogue, without blanks and invisible signs."""
    locale = Locale.parse(language.partition("-")[0])
    names = (*locale.days["format"]["wide"].values(), *locale.months["format"]["wide"].values())
    words = "".join((*names, *WORDS[language]))
    catalogue = CATALOGUES / f"{language}.po"
    text = words + (catalogue.read_text() if catalogue.exists() else "")
    return {letter for letter in text if letter.isalpha() or letter.isdigit()}


def test_fonts_are_those_that_their_readme_names():
    readme = (FONTS / "README.md").read_text()
    for font in FONTS.glob("*.ttf"):
        assert f"| {font.name} | {sha256(font.read_bytes()).hexdigest()} |" in readme
    for licence in FONTS.glob("LICENSE-*"):
        assert "SIL Open Font License" in licence.read_text()


def test_arabic_letters_join_and_run_from_right_to_left():
    assert can_shape(), "apt install libfribidi0"
    # Three letters that join, then one that stands alone.
    slip = Slip("A", "M 042", lines=("سسس ا",))

    picture = draw(slip, Paper.WIDE)

    top, bottom = lines_of(picture)[-1]
    words = runs_of(picture.crop((0, top, picture.width, bottom)))
    alone, joined = words
    assert joined[1] - joined[0] > 4 * (alone[1] - alone[0]), "the last letter stands left"


def test_the_paper_is_cut_at_the_very_end():
    for as_picture in (False, True):
        data = escpos_bytes(Slip("Rathaus", "M 042"), SlipForm(as_picture=as_picture))
        assert data[-3:].startswith(b"\x1dV")


def test_without_a_qr_text_there_is_no_code():
    for as_picture in (False, True):
        assert receipt_of(Slip("Rathaus", "M 042"), as_picture=as_picture).codes() == []


def test_a_slip_is_small_enough_to_print_at_once():
    slip = slip_in("de")

    assert len(escpos_bytes(slip)) < 600
    assert len(escpos_bytes(slip, SlipForm(as_picture=True))) < 80_000


def lines_of(picture: Image.Image) -> list[tuple[int, int]]:
    """Where rows with ink begin and end."""
    return runs_of(picture.transpose(Image.Transpose.TRANSPOSE))


def runs_of(picture: Image.Image) -> list[tuple[int, int]]:
    """Where columns with ink begin and end, from left to right."""
    grey = picture.convert("L")
    data, wide = grey.tobytes(), grey.width
    has_ink = [min(data[column::wide]) < 128 for column in range(wide)]
    runs, place = [], 0
    for is_ink, columns in groupby(has_ink):
        length = len(list(columns))
        if is_ink:
            runs.append((place, place + length))
        place += length
    return runs


def ink_of(picture: Image.Image) -> tuple[int, int, int, int]:
    box = picture.convert("L").point(lambda shade: 255 if shade < 128 else 0).getbbox()
    assert box is not None
    return box
