"""Whom to write to: what can be an address, and nothing that could write a header of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.contact import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    checked_address,
    checked_name,
    is_address,
)
from queue_server.domain.errors import BadRequest


@pytest.mark.parametrize(
    "address",
    [
        "yilmaz@example.org",
        "ayse.yilmaz@post.amt.example.de",
        "ayse+termin@example.org",
        "o'neill_1-a@example.org",
        "post@müller-söhne.de",
        "jörg@bücher.example",
        "почта@пример.рф",
        "name@xn--mller-kva.de",
        "a@b.de",
        "1@2.example.museum",
        "{x}!#$%&*/=?^`|~@example.org",
    ],
)
def test_a_real_address_is_taken_as_it_is(address):
    assert checked_address(f"  {address}\n") == address


@pytest.mark.parametrize(
    "address",
    [
        "yilmaz",
        "@example.org",
        "yilmaz@",
        "yilmaz@localhost",
        "yilmaz@example.",
        "yilmaz@.example.org",
        "yilmaz@example..org",
        ".yilmaz@example.org",
        "yilmaz.@example.org",
        "yil..maz@example.org",
        "yilmaz@example.o",
        "yil maz@example.org",
        "yilmaz@exam ple.org",
        "a@b@example.org",
        "one@example.org,two@example.org",
        "one@example.org;two@example.org",
        "Frau Yilmaz <yilmaz@example.org>",
        "yilmaz@example.org>",
        "<yilmaz@example.org",
        '"yilmaz"@example.org',
        "yilmaz(comment)@example.org",
        "yilmaz@[127.0.0.1]",
        "mailto:yilmaz@example.org",
        "yil\\maz@example.org",
        "yilmaz@example.org\r\nBcc: all@example.org",
        "yilmaz\n@example.org",
        "yilmaz@example\x00.org",
        "yilmaz@example.org\u2028Bcc:x",
        "yil\u200bmaz@example.org",
        "yil\u202emaz@example.org",
        "yilmaz\ud800@example.org",
        "a" * (LONGEST_ADDRESS - 11) + "@example.org",
    ],
)
def test_what_is_no_single_address_is_refused_and_names_the_field(address):
    with pytest.raises(BadRequest) as refusal:
        checked_address(address)

    assert refusal.value.facts["errors"] == [("email", "address", "")]


@pytest.mark.parametrize("nothing", ["", " ", "\t\r\n"])
def test_no_address_at_all_is_missing(nothing):
    with pytest.raises(BadRequest) as refusal:
        checked_address(nothing)

    assert refusal.value.facts["errors"] == [("email", "missing", "")]


def test_the_longest_address_that_a_letter_can_carry_is_taken():
    assert is_address("a" * (LONGEST_ADDRESS - 12) + "@example.org")


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_whatever_smuggles_a_header_a_blank_or_a_second_address(one, other):
    text = f"{one}@{other}.example.org"
    if is_address(text):
        assert text.count("@") == 1
        assert text.isprintable()
        assert not set(text) & set(' <>,;:"()[]\\')


# -- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ayşe   Yılmaz ", "Ayşe Yılmaz"),
        ("Ayşe\r\nBcc: alle@example.org", "Ayşe Bcc: alle@example.org"),
        ("Ayşe\u2028Yılmaz\x0b", "Ayşe Yılmaz"),
        ("Ay\x00şe\x1b[31m", "Ay şe [31m"),
        ("\ud800Ayşe", "Ayşe"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("", ""),
    ],
)
def test_a_name_stands_on_one_line_and_holds_nothing_but_text(typed, name):
    assert checked_name(typed) == name


@given(st.text())
def test_whatever_is_typed_as_a_name_can_be_kept_and_written(typed):
    if len(typed) <= LONGEST_NAME:
        name = checked_name(typed)

        assert name.encode() and "\x00" not in name or name == ""
        assert len(name.splitlines()) <= 1


def test_a_name_without_end_is_refused_with_the_limit():
    assert checked_name("x" * 200)
    with pytest.raises(BadRequest) as refusal:
        checked_name("x" * 201)

    assert refusal.value.facts["errors"] == [("name", "too_long", "200")]
