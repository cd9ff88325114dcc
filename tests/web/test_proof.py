"""Proof of work in ALTCHA's format: whoever did the sum passes, once, for ten minutes."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadProof
from queue_server.web.proof import checked, new_challenge
from tests.api.bookings import packed, solution

SECRET = "of this server"
NOW = datetime(2026, 6, 8, 6, 0, tzinfo=UTC)
ANSWER = solution(new_challenge(SECRET, 500, NOW).to_dict())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def is_good(answer: str, secret: str = SECRET, now: datetime = NOW) -> bool:
    try:
        checked(secret, answer, now)
    except BadProof:
        return False
    return True


def test_whoever_did_the_sum_passes() -> None:
    assert checked(SECRET, packed(ANSWER), NOW).challenge == ANSWER["challenge"]


def test_what_else_a_widget_says_does_not_matter() -> None:
    assert is_good(packed({**ANSWER, "took": 731, "worker": True}))


@given(work=st.integers(0, 300))
def test_every_challenge_can_be_solved_within_its_work(work: int) -> None:
    asked = new_challenge(SECRET, work, NOW)

    answer = solution(asked.to_dict())

    assert answer["number"] <= asked.maxnumber == work and is_good(packed(answer))


def test_it_ends_after_ten_minutes_and_the_salt_says_so() -> None:
    ends = NOW + timedelta(minutes=10)

    assert f"?expires={int(ends.timestamp())}&" in ANSWER["salt"]
    assert is_good(packed(ANSWER), now=ends - timedelta(seconds=1))
    assert not is_good(packed(ANSWER), now=ends)


def test_another_house_does_not_take_it() -> None:
    assert not is_good(packed(ANSWER), secret="of another server")


@pytest.mark.parametrize("name", ["algorithm", "challenge", "number", "salt", "signature"])
@given(value=JSON)
def test_no_part_can_be_left_out_or_changed(name: str, value: Any) -> None:
    without = {key: kept for key, kept in ANSWER.items() if key != name}

    assert not is_good(packed(without))
    if value != ANSWER[name]:
        assert not is_good(packed({**ANSWER, name: value}))


def test_no_digit_moves_from_the_number_to_the_end_of_the_salt() -> None:
    """The hash is of both written together, so what is salt and what is number must be plain."""
    answers = (solution(new_challenge(SECRET, 500, NOW).to_dict()) for _ in count())
    answer = next(each for each in answers if re.fullmatch("[1-9]{2,}", str(each["number"])))
    first, rest = str(answer["number"])[0], int(str(answer["number"])[1:])
    moved = {**answer, "salt": answer["salt"] + first, "number": rest}
    assert sha256(f"{moved['salt']}{rest}".encode()).hexdigest() == answer["challenge"]

    assert is_good(packed(answer)) and not is_good(packed(moved))


@given(answer=st.text() | st.binary().map(lambda raw: base64.b64encode(raw).decode()))
def test_whatever_is_no_answer_is_refused_by_name(answer: str) -> None:
    assert not is_good(answer)


@given(answer=JSON)
def test_json_of_any_kind_is_refused_by_name(answer: Any) -> None:
    assert not is_good(packed(answer))


@pytest.mark.parametrize(
    "text",
    ["[" * 1000, '{"a":' * 400, json.dumps({**ANSWER, "salt": "\ud800"}), "x" * 3000, ""],
)
def test_texts_made_to_trip_are_refused_by_name(text: str) -> None:
    assert not is_good(base64.b64encode(text.encode()).decode())
