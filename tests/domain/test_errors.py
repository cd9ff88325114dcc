"""Refusals: a code that clients may rely on, and the facts that its sentence needs."""

from __future__ import annotations

import re

import pytest

from queue_server.domain import errors
from queue_server.domain.errors import Refused, SlotTaken

REFUSALS = [kind for kind in vars(errors).values() if isinstance(kind, type)]


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_every_refusal_is_caught_as_one_and_has_a_plain_code_of_its_own(kind):
    same_code = [other for other in REFUSALS if other.code == kind.code]

    assert issubclass(kind, Refused) and same_code == [kind]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)


def test_a_refusal_says_its_code_and_keeps_its_facts():
    refusal = SlotTaken(start="09:30", counter="schalter-1")

    assert refusal.facts == {"start": "09:30", "counter": "schalter-1"}
    assert "slot_taken" in str(refusal) and "09:30" in str(refusal)
