"""Who gets paper at a kiosk, and which words of the office's own stand on it."""

from __future__ import annotations

import pytest

from queue_server.domain.kiosk import Kiosk, SlipWords

RECEIPT = "tcp://printer:9100"


@pytest.mark.parametrize(
    ("printer", "wish", "can", "by_itself", "by_the_server"),
    [
        (RECEIPT, "always", True, True, True),
        (RECEIPT, "ask", True, False, True),
        (RECEIPT, "never", False, False, False),
        ("browser", "always", True, True, False),
        ("browser", "ask", True, False, False),
        ("", "always", False, False, False),
    ],
)
def test_who_gets_paper(printer, wish, can, by_itself, by_the_server):
    kiosk = Kiosk("eingang", printer=printer, print=wish)

    assert kiosk.can_print is can
    assert kiosk.prints_itself is by_itself
    assert kiosk.has_server_printer is by_the_server


def test_paper_comes_by_itself_unless_somebody_says_otherwise():
    assert Kiosk("eingang", printer=RECEIPT).prints_itself


def test_the_offices_words_are_german_where_nobody_translated_them():
    words = SlipWords("Kasse im Erdgeschoss", {"en": "Cash desk on the ground floor"})

    assert words.in_language("en") == "Cash desk on the ground floor"
    assert words.in_language("pl") == "Kasse im Erdgeschoss"
