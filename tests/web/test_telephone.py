"""Numbers as offices write them can be dialled from everywhere."""

from __future__ import annotations

import pytest

from queue_server.web.telephone import dialled


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("040 66969-100", "+494066969100"),
        ("(040) 66 96 91 00", "+494066969100"),
        ("040/66969.100", "+494066969100"),
        ("+49 (0)40 66969–100", "+494066969100"),
        ("0049 40 66969 100", "+494066969100"),
        ("115", "115"),
    ],
)
def test_a_number_is_dialled_the_same_however_it_is_written(written: str, number: str) -> None:
    assert dialled(written) == number


@pytest.mark.parametrize(
    "written", ["", "Zentrale", "040 1234 oder 040 5678", "040 12-34 bis -40x"]
)
def test_words_are_not_dialled(written: str) -> None:
    assert dialled(written) == ""
