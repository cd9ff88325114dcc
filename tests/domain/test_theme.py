"""Contrast as WCAG reckons it: known pairs, and what holds for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.theme import INK, LEAST_RATIO, WHITE, luminance, mixed, ratio, text_on

colors = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        # The grey that is known as the lightest with 4.5:1 on white, and the one with 7:1.
        ("#767676", "#ffffff", 4.54),
        ("#595959", "#ffffff", 7.0),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_known_pairs_have_their_known_contrast(one: str, other: str, expected: float) -> None:
    assert ratio(one, other) == pytest.approx(expected, abs=0.01)


@given(colors, colors)
def test_contrast_is_the_same_both_ways_and_at_most_twenty_one(one: str, other: str) -> None:
    assert ratio(one, other) == ratio(other, one)
    assert 1 <= ratio(one, other) <= 21.0001


@given(colors)
def test_the_better_of_two_texts_is_chosen(background: str) -> None:
    chosen = text_on(background)

    assert chosen in (WHITE, INK)
    assert ratio(chosen, background) == max(ratio(WHITE, background), ratio(INK, background))


@given(colors, colors)
def test_a_mixture_lies_between_its_parts(color: str, ground: str) -> None:
    assert mixed(color, ground, 1) == color
    assert mixed(color, ground, 0) == ground
    low, high = sorted((luminance(color), luminance(ground)))
    assert low - 0.2 <= luminance(mixed(color, ground, 0.5)) <= high + 0.2


def test_the_lightest_grey_that_wcag_takes_for_text_on_white_is_taken() -> None:
    assert ratio("#595959", WHITE) >= LEAST_RATIO > ratio("#5a5a5a", WHITE)


@pytest.mark.parametrize(
    ("color", "light"),
    # Up to the tenth step light grows evenly, from there on ever faster.
    [("#0a0a0a", 10 / 255 / 12.92), ("#0b0b0b", 0.003347), ("#808080", 0.215861)],
)
def test_how_light_a_grey_is_follows_the_curve_of_screens(color: str, light: float) -> None:
    assert luminance(color) == pytest.approx(light, abs=1e-6)
