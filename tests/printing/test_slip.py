"""What stands on the paper."""

from __future__ import annotations

import pytest

from queue_server.printing import Slip
from queue_server.printing.slip import escpos_bytes


def test_the_number_is_printed_large_and_after_the_office():
    paper = escpos_bytes(Slip("Rathaus", "M 042"))

    assert b"\x1d!\x55" in paper, "six times as wide and as high"
    assert paper.index(b"Rathaus") < paper.index(b"\x1d!\x55") < paper.index(b"M 042")


@pytest.mark.parametrize("word", ["Bürgerbüro", "Straße", "ÄÖÜ äöü ß"])
def test_umlauts_come_from_the_first_code_page_that_every_printer_has(word):
    paper = escpos_bytes(Slip(word, "M 042"))

    assert b"\x1bt\x00" in paper and word.encode("cp437") in paper


@pytest.mark.parametrize(
    ("text", "letter", "page", "encoding"),
    [
        ("Sıra numaranız", "ı", 13, "cp857"),
        ("Proszę czekać", "ę", 18, "cp852"),
        ("Ожидайте", "О", 17, "cp866"),
    ],
)
def test_other_languages_switch_the_code_page(text, letter, page, encoding):
    paper = escpos_bytes(Slip("Rathaus", "M 042", lines=(text,)))

    assert b"\x1bt" + bytes([page]) + letter.encode(encoding) in paper


def test_a_letter_without_any_code_page_does_not_stop_the_slip():
    assert b"M 042" in escpos_bytes(Slip("Rathaus", "M 042", lines=("请稍候 😀",)))


def test_long_lines_break_between_words():
    line = "Sie werden an der Anzeige und mit einem Gong aufgerufen, bitte bleiben Sie in der Nähe."

    printed = escpos_bytes(Slip("Rathaus", "M 042", lines=(line,))).split(b"\n")
    assert b"Sie werden an der Anzeige und mit einem" in printed


def test_without_a_qr_text_there_is_no_code():
    assert b"\x1d(k" not in escpos_bytes(Slip("Rathaus", "M 042"))
    assert b"\x1d(k" in escpos_bytes(Slip("Rathaus", "M 042", qr_text="x"))


def test_the_paper_is_cut_at_the_very_end():
    assert escpos_bytes(Slip("Rathaus", "M 042", footer="Danke"))[-3:].startswith(b"\x1dV")


def test_a_slip_is_small_enough_to_print_at_once():
    slip = Slip("Rathaus", "M 042", ("Zeile",) * 6, "https://amt.example/t/" + "x" * 43, "Danke")

    assert len(escpos_bytes(slip)) < 600
