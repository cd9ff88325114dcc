"""A Termincode is spelled so that nobody mishears it."""

from __future__ import annotations

from queue_server.domain.codes import ALPHABET
from queue_server.domain.spelling import spelled


def test_letters_are_names_and_digits_stay_digits():
    assert spelled("DHB-TD2") == "Dora, Heinrich, Berta – Theodor, Dora, 2"


def test_every_sign_of_a_termincode_has_its_own_word_that_begins_with_it():
    words = {sign: spelled(sign) for sign in ALPHABET}

    assert len(set(words.values())) == len(ALPHABET)
    for sign, word in words.items():
        assert word == sign if sign.isdigit() else (word[0] == sign and len(word) > 1)
