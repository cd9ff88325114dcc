"""Entries of config.toml change places: no comment is lost, and moved back nothing has happened."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.settings.editing import NotEditable, OrderTables, Place, edited
from queue_server.settings.editing.difference import changed_keys

SHIPPED = (Path(__file__).parents[2] / "config.toml").read_text("utf-8")
SITE: Place = ("site", "rathaus")
SERVICES = tuple(each["id"] for each in tomllib.loads(SHIPPED)["site"][0]["service"])
COUNTERS = tuple(each["id"] for each in tomllib.loads(SHIPPED)["site"][0]["counter"])
SMALL = """\
# of the house
[[entry]] # here
id = "a" # first
# minutes = 5

# of nobody

# of b
[[entry]]
id = "b"
[entry.inner]
words = \"\"\"
# no comment
[[entry]]
\"\"\"
[[entry]]
id = "c"
"""


def ids(text: str, kind: str) -> list[str]:
    return [each["id"] for each in tomllib.loads(text)["site"][0][kind]]


def comments(text: str) -> list[str]:
    return sorted(line for line in text.splitlines() if line.lstrip().startswith("#"))


@settings(max_examples=20)
@given(order=st.permutations(SERVICES))
def test_in_whatever_order_services_stand_no_comment_is_lost_and_back_is_as_it_was(
    order: list[str],
) -> None:
    changed = edited(SHIPPED, [OrderTables(SITE, "service", tuple(order))])

    assert ids(changed, "service") == order
    assert comments(changed) == comments(SHIPPED)
    assert edited(changed, [OrderTables(SITE, "service", SERVICES)]) == SHIPPED


PIECES = st.sampled_from(
    ["", "# of nobody\n\n", "\n# of nobody\n", "# right above\n", "# fee = 1\n", "# a\n# fee = 1\n"]
)


@given(
    pieces=st.lists(PIECES, min_size=4, max_size=4),
    order=st.permutations(range(3)),
    has_end=st.booleans(),
)
def test_whatever_stands_between_it_is_turned_back_to_the_byte_or_left_to_a_person(
    pieces: list[str], order: list[int], has_end: bool
) -> None:
    entries = [f'[[entry]]\nid = "{name}"\n' for name in "abc"]
    text = pieces[0] + "".join(map("".join, zip(entries, pieces[1:], strict=True)))
    text = text if has_end else text.removesuffix("\n")
    try:
        changed = edited(text, [OrderTables((), "entry", tuple("abc"[n] for n in order))])
    except NotEditable:
        return

    assert [each["id"] for each in tomllib.loads(changed)["entry"]] == ["abc"[n] for n in order]
    assert comments(changed) == comments(text)
    assert edited(changed, [OrderTables((), "entry", ("a", "b", "c"))]) == text


def test_comments_go_with_their_entry_and_what_stands_apart_stays() -> None:
    changed = edited(SMALL, [OrderTables((), "entry", ("b", "a", "c"))])

    assert (
        changed
        == """\
# of b
[[entry]]
id = "b"
[entry.inner]
words = \"\"\"
# no comment
[[entry]]
\"\"\"

# of nobody

# of the house
[[entry]] # here
id = "a" # first
# minutes = 5
[[entry]]
id = "c"
"""
    )


def test_another_order_is_a_change_of_the_list_and_of_no_entry() -> None:
    changed = edited(SHIPPED, [OrderTables(SITE, "counter", COUNTERS[::-1])])

    assert changed_keys(SHIPPED, changed) == ["site.rathaus.counter"]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ('entry = [{id = "a"}, {id = "b"}]\n', ("b", "a")),
        ('[[entry]]\nid = "a"\n[[entry]]\nid = "b"\n', ("b",)),
        ('[[entry]]\nid = "a"\n[[entry]]\nid = "b"\n', ("b", "b")),
        ('[[entry]]\nid = "a"\n[[entry]]\nid = "b"\n', ("b", "x")),
        ('[entry]\nid = "a"\n', ("a",)),
        ('[other]\nid = "a"\n', ("a",)),
    ],
)
def test_an_order_that_can_not_be_is_refused(text: str, order: tuple[str, ...]) -> None:
    with pytest.raises(NotEditable):
        edited(text, [OrderTables((), "entry", order)])
