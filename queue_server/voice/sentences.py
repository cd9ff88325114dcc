"""What is said when somebody is called, in each language, and of which recordings it is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from queue_server.domain.site import Counter, Display, Site
from queue_server.voice.spoken import (
    FIRST_DIGIT_BY_DIGIT,
    SpokenPlace,
    parts_of,
    place_of,
    said_number,
)

GERMAN, PLAIN_GERMAN = "de", "de-x-leicht"
# Names of recordings that say the same: the first way of which all are there is taken.
Ways = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One language's call. `ways` are the recordings for each part of it, in order."""

    language: str
    text: str
    ways: tuple[Ways, ...] = ()


@dataclass(frozen=True, slots=True)
class SpokenWords:
    """`call` has {number} and {place}; a place of a known kind has {sign}, any other {name}."""

    call: str
    named: str
    other: str
    counter: str = ""
    desk: str = ""
    room: str = ""
    cash: str = ""

    def place(self, place: SpokenPlace) -> str:
        pattern = getattr(self, place.kind, "") if place.kind else self.named
        return (pattern or self.other).format(name=place.name, sign=place.sign)


# Other voices read German words badly, so common words for a place are said in the language.
WORDINGS: Mapping[str, SpokenWords] = {
    "de": SpokenWords("Nummer {number}, bitte {place}.", ": {name}", "zu {name}"),
    "de-x-leicht": SpokenWords(
        "Nummer {number}. Sie sind dran. Bitte gehen Sie {place}.", "hierhin: {name}", "zu {name}"
    ),
    "en": SpokenWords(
        "Number {number}, please go to {place}.",
        *("{name}", "{name}", "counter {sign}", "desk {sign}", "room {sign}", "cash desk {sign}"),
    ),
    "tr": SpokenWords(
        "{number} numara, lütfen {place}.",
        *("şuraya geliniz: {name}", "şuraya geliniz: {name}"),
        *("{sign} numaralı gişeye geliniz", "{sign} numaralı masaya geliniz"),
        *("{sign} numaralı odaya geliniz", "{sign} numaralı vezneye geliniz"),
    ),
    "ar": SpokenWords(
        "الرقم {number}، يرجى التوجه إلى {place}.",
        *("{name}", "{name}", "الشباك رقم {sign}", "المكتب رقم {sign}", "الغرفة رقم {sign}"),
        "الصندوق رقم {sign}",
    ),
    "fa": SpokenWords(
        "شماره {number}، لطفاً به {place} مراجعه کنید.",
        *("{name}", "{name}", "باجه {sign}", "میز {sign}", "اتاق {sign}", "صندوق {sign}"),
    ),
    "uk": SpokenWords(
        "Номер {number}, будь ласка, підійдіть {place}.",
        *("сюди: {name}", "сюди: {name}", "до віконця {sign}", "до столу {sign}"),
        *("до кабінету {sign}", "до каси {sign}"),
    ),
    "ru": SpokenWords(
        "Номер {number}, пожалуйста, подойдите {place}.",
        *("сюда: {name}", "сюда: {name}", "к окну {sign}", "к столу {sign}"),
        *("к кабинету {sign}", "к кассе {sign}"),
    ),
    "pl": SpokenWords(
        "Numer {number}, proszę podejść {place}.",
        *("tutaj: {name}", "tutaj: {name}", "do okienka {sign}", "do stanowiska {sign}"),
        *("do pokoju {sign}", "do kasy {sign}"),
    ),
    "ro": SpokenWords(
        "Numărul {number}, vă rugăm să mergeți la {place}.",
        *("{name}", "{name}", "ghișeul {sign}", "biroul {sign}", "camera {sign}", "casa {sign}"),
    ),
}


def languages_for(display: Display, visitor: str) -> tuple[str, ...]:
    """German always; after it the visitor's language when this display speaks it.

    Leichte Sprache is German and is said instead.
    """
    if visitor == GERMAN or visitor not in display.languages:
        return (GERMAN,)
    return (PLAIN_GERMAN,) if visitor == PLAIN_GERMAN else (GERMAN, visitor)


def sentence(site: Site, counter: str, number: str, language: str) -> Sentence:
    """The call of this number to the counter with this id."""
    known = {each.id: each for each in site.counters}
    where = known.get(counter, Counter(counter, counter))
    place = place_of(where.name, site.counter_word)
    wording = WORDINGS[language]
    is_german = language in (GERMAN, PLAIN_GERMAN)
    said = where.spoken if where.spoken and is_german else wording.place(place)
    text = wording.call.format(number=said_number(number, language), place=said)
    return Sentence(language, text.replace(" :", ":"), _ways(where.id, number, place))


def _ways(counter: str, number: str, place: SpokenPlace) -> tuple[Ways, ...]:
    letters, value = parts_of(number)
    spelled = tuple(letter.lower() for letter in letters if letter.isalpha())
    return (
        (("nummer",),),
        *(((each,),) for each in spelled),
        *((_number_ways(str(value)),) if value is not None else ()),
        _place_ways(counter, place),
    )


def _number_ways(digits: str) -> Ways:
    spelled = tuple(digits)
    whole = ((digits,),) if int(digits) < FIRST_DIGIT_BY_DIGIT and len(digits) > 1 else ()
    return (*whole, spelled)


def _place_ways(counter: str, place: SpokenPlace) -> Ways:
    """One recording for this counter, or the word with its sign behind it."""
    own = (f"bitte_zu_{counter}",)
    if not place.kind:
        return (own,)
    word = f"bitte_zu_{file_name(place.word)}"
    pieces = [piece.lower() for piece in place.sign.split()]
    spelled = tuple(char for piece in pieces for char in piece)
    return own, (word, *pieces), (word, *spelled)


def file_name(word: str) -> str:
    """A word as a file is named: "Büro" is "buero"."""
    lower = word.casefold()
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        lower = lower.replace(letter, written)
    return re.sub(r"[^a-z0-9]+", "_", lower).strip("_")


def letter_names(site: Site) -> tuple[str, ...]:
    """The letters of the site's numbers, as recordings are named."""
    return tuple(sorted({service.group.lower() for service in site.services}))
