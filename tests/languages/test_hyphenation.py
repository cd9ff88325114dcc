"""Long German words break where a reader expects it, and nowhere else."""

from __future__ import annotations

import pytest

from queue_server.languages.hyphenation import (
    LEAST_PART,
    LEAST_WORD,
    LONGEST_PATTERN,
    PATTERNS,
    SOFT_HYPHEN,
    hardened,
    parts_of,
    softened,
)


@pytest.mark.parametrize(
    "hyphenated",
    [
        "Ver-warn-geld-sach-be-ar-bei-tung",
        "Per-so-nal-aus-weis",
        "Schwer-be-hin-der-ten-aus-weis",
        "Auf-ent-halts-er-laub-nis",
        "Per-so-nen-stands-ur-kun-den",
        "Kraft-fahr-zeug-zu-las-sungs-stel-le",
        "Fi-sche-rei-schein",
        "Woh-nungs-ge-ber-be-stä-ti-gung",
        "Ehe-schlie-ßung",
        "UN-TER-SU-CHUNGS-SCHEIN",
    ],
)
def test_a_word_of_an_office_breaks_between_its_syllables(hyphenated: str) -> None:
    wanted = hyphenated.split("-")
    # Two letters at an end look torn off, so they stay.
    if len(wanted[0]) < LEAST_PART:
        wanted[:2] = ["".join(wanted[:2])]
    if len(wanted[-1]) < LEAST_PART:
        wanted[-2:] = ["".join(wanted[-2:])]

    assert parts_of(hyphenated.replace("-", "")) == wanted


def test_only_long_words_are_touched_and_nothing_is_lost() -> None:
    text = "Zimmer 204 a, Trausaal: Personalausweis-Abholung (Nebengebäude)"

    soft = softened(text)

    assert hardened(soft) == text
    assert soft.startswith("Zimmer 204 a, Trausaal: Per")
    assert SOFT_HYPHEN not in "".join(word for word in soft.split() if len(word) < LEAST_WORD)
    assert softened(soft) == soft


@pytest.mark.parametrize(
    "address", ["www.musterstadtverwaltung.de/termine", "standesamtsbezirk@example.org"]
)
def test_an_address_stays_whole(address: str) -> None:
    assert softened(f"Unter {address} geht es.") == f"Unter {address} geht es."


def test_simple_german_is_hyphenated_as_german_and_a_language_without_patterns_not_at_all() -> None:
    assert softened("Personalausweis", "de-x-leicht") == softened("Personalausweis")
    assert softened("Kimlikbaşvurusu", "tr") == "Kimlikbaşvurusu"


def test_no_pattern_is_longer_than_what_is_looked_up() -> None:
    for file in PATTERNS.glob("*.txt"):
        letters = file.read_text("utf-8").translate(str.maketrans("", "", "0123456789"))
        assert max(map(len, letters.split())) <= LONGEST_PATTERN
    assert (PATTERNS / "LICENSE").is_file()
