"""Termincodes, said and written, and ticket numbers."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.codes import (
    ALPHABET,
    CODE_LENGTH,
    code_link,
    new_code,
    new_token,
    parse_code,
    spelled,
    ticket_number,
)

codes = st.builds(new_code)
places = st.integers(0, CODE_LENGTH - 1)

# What a scanner set to a US keyboard types on a German machine, and the other way round.
GERMAN_KEYS = str.maketrans({":": "Ö", "/": "-", "#": "§", "-": "ß", "Y": "Z", "Z": "Y"})
CAPS_LOCK = str.maketrans(ascii_lowercase + ascii_uppercase, ascii_uppercase + ascii_lowercase)
US_KEYS = str.maketrans({":": ">", "/": "&", "#": "\\", "-": "/", "Y": "Z", "Z": "Y"})


@given(codes)
def test_a_new_code_is_understood_as_itself(code):
    assert parse_code(code) == code
    assert re.fullmatch(r"\w{3}-\w{3}-\w{3}", code)


@pytest.mark.parametrize("code", ["K7Q-M4T-XA9", "234-567-8AJ"])
def test_a_code_that_was_printed_by_an_earlier_version_is_still_a_code(code):
    assert parse_code(code) == code


@given(codes, places, st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_refused(code, place, other):
    plain = code.replace("-", "")
    changed = plain[:place] + other + plain[place + 1 :]

    assert parse_code(changed) == (code if changed == plain else None)


@pytest.mark.parametrize("turn", range(20))
def test_every_single_change_and_every_swap_of_neighbours_is_refused(turn):
    plain = new_code().replace("-", "")
    changes = {
        plain[:place] + other + plain[place + 1 :]
        for place in range(CODE_LENGTH)
        for other in ALPHABET
    }
    swaps = {
        plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
        for place in range(CODE_LENGTH - 1)
    }

    assert [text for text in (changes | swaps) - {plain} if parse_code(text)] == []
    assert len(changes) == CODE_LENGTH * 28 + 1


@given(codes, st.integers(0, CODE_LENGTH - 2))
def test_any_swap_of_neighbours_is_refused(code, place):
    plain = code.replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]

    assert parse_code(swapped) == (code if swapped == plain else None)


def test_no_character_looks_like_another():
    assert set("01ILOYZ").isdisjoint(ALPHABET)
    assert len(set(ALPHABET)) == 29


@given(codes, st.data())
def test_case_blanks_and_hyphens_do_not_matter(code, data):
    plain = code.replace("-", "")
    between = data.draw(st.lists(st.sampled_from(["", " ", "-", "\t"]), min_size=9, max_size=9))
    typed = "".join(gap + character for gap, character in zip(between, plain, strict=True))

    assert parse_code(typed.lower() + " \r\n") == code


@given(codes, st.sampled_from(["https://aufruf.example", "http://amt.termin.example:8080/"]))
def test_the_link_in_the_qr_ends_in_the_code(code, public_url):
    assert parse_code(code_link(public_url, code)) == code


def test_no_server_log_ever_sees_the_code_of_a_link():
    link = code_link("https://aufruf.example/", "K7Q-M4T-XA9")

    assert link == "https://aufruf.example/termin#K7Q-M4T-XA9"


@pytest.mark.parametrize("keys", [GERMAN_KEYS, US_KEYS])
@pytest.mark.parametrize("caps_lock", [{}, CAPS_LOCK], ids=["off", "on"])
@given(codes)
def test_a_scanner_with_another_keyboard_layout_is_understood(keys, caps_lock, code):
    link = code_link("https://aufruf.example-termin.de", code)

    assert parse_code(link.translate(keys).translate(caps_lock)) == code
    assert parse_code(code.translate(keys).translate(caps_lock)) == code


@given(codes)
def test_a_host_that_is_called_termin_does_not_hide_the_code(code):
    assert parse_code(f"http://termin.de/termin#{code.replace('-', '')}") == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "K7Q",
        "K7Q-M4T-XA",
        "K7Q-M4T-XA99",
        "KOQ-M4T-XA9",
        "Guten Tag!",
        "https://example/termin#",
    ],
)
def test_whatever_is_no_code_is_none(text):
    assert parse_code(text) is None


@given(st.text())
def test_no_text_whatever_brings_the_reader_down(text):
    code = parse_code(text)

    assert code is None or parse_code(code) == code


def test_tokens_are_unguessable_and_safe_in_a_url():
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(re.fullmatch(r"[\w-]{22}", token) for token in tokens)


@pytest.mark.parametrize(
    ("count", "number"),
    [(1, ("M 001", 0)), (42, ("M 042", 0)), (999, ("M 999", 0)), (1000, ("M 001", 1))],
)
def test_numbers_wrap_after_999(count, number):
    assert ticket_number("M", count) == number


def test_letters_are_names_and_digits_stay_digits():
    assert spelled("DHB-TD2") == "Dora, Heinrich, Berta – Theodor, Dora, 2"


def test_every_sign_of_a_termincode_has_its_own_word_that_begins_with_it():
    words = {sign: spelled(sign) for sign in ALPHABET}

    assert len(set(words.values())) == len(ALPHABET)
    for sign, word in words.items():
        assert word == sign if sign.isdigit() else (word[0] == sign and len(word) > 1)
