"""A day played again under its own rule is the same day, call by call, to the millisecond."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.office_days import VERBS, LivelyDay, Step, compared, lively_site
from tests.town import Town

RULES = ("due_first", "strict", "arrival", "accumulating")
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 400), st.integers(0, 239)),
    min_size=20,
    max_size=120,
)


@pytest.mark.parametrize("rule", RULES)
@given(day=steps)
@settings(max_examples=15)
def test_whatever_happens_on_a_day_its_replay_is_the_same_day(rule: str, day: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        town = Town(Path(folder) / "town.db", (lively_site(rule, guard_after_minutes=5),))
        LivelyDay(town).play(day)

        comparison = compared(town)
        town.store.close()

    assert comparison.differences == []
    assert comparison.what_if == comparison.actual
