"""The digital file of the person at the counter: an address of the office's own, and no other."""

from __future__ import annotations

import pytest

from queue_server.settings.file_link import file_address, problem_of

BOTH = "https://dms.example/akte?termin={appointment}&nummer={number}"


def test_the_values_are_encoded_and_a_walk_in_has_no_appointment():
    assert (
        file_address(BOTH, appointment=7, number="M 042")
        == "https://dms.example/akte?termin=7&nummer=M%20042"
    )
    assert (
        file_address(BOTH, appointment=None, number="M/&?#{}é")
        == "https://dms.example/akte?termin=&nummer=M%2F%26%3F%23%7B%7D%C3%A9"
    )


def test_there_is_none_without_a_template_or_without_what_it_asks_for():
    only = "https://dms.example/{appointment}"

    assert file_address("", appointment=7, number="M 042") == ""
    assert file_address(only, appointment=None, number="M 042") == ""
    assert file_address(only, appointment=7, number="M 042") == "https://dms.example/7"
    assert file_address("https://dms.example/", appointment=None, number="A 001")


@pytest.mark.parametrize(
    "template",
    [BOTH, "http://dms.local:8080/{number}/{number}", "https://dms.example/#/{appointment}"],
)
def test_a_good_template_has_no_problem(template):
    assert problem_of(template) == ""


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("https://dms.example/{name}", "unknown placeholder {name}"),
        ("https://dms.example/{}", "unknown placeholder {}"),
        ("https://dms.example/{number", "a brace"),
        ("https://dms.example/number}", "a brace"),
        ("javascript:alert('{number}')", "an address such as"),
        ("data:text/html,{number}", "an address such as"),
        ("file:///akten/{number}", "an address such as"),
        ("//dms.example/{number}", "an address such as"),
        ("akte?nummer={number}", "an address such as"),
        ("https:///{number}", "an address such as"),
        ("https://{number}.dms.example/", "an address such as"),
        ("https://dms.example:{number}/", "an address such as"),
        ("https://dms.example:99999/{number}", "an address such as"),
        ("https://user:geheim@dms.example/{number}", "an address such as"),
        ("https://dms.example/a b?{number}", "an address such as"),
        ('https://dms.example/"><b>{number}', "an address such as"),
    ],
)
def test_anything_else_is_refused_in_words(template, words):
    assert words in problem_of(template)
