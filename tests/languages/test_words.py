"""Times, ranges and numbers as people say them, in German and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from queue_server import languages
from queue_server.domain.hours import Span
from queue_server.domain.waiting import Range
from queue_server.languages import CATALOGUES, EASY_GERMAN, holiday_name, words
from tests.town import BERLIN, MONDAY, moment

MORNING_AND_AFTERNOON = (Span(480, 720), Span(840, 1080))


def plain(text: str) -> str:
    """With ordinary blanks in place of those that do not break."""
    return text.replace(words.NO_BREAK, " ")


@pytest.mark.parametrize(
    ("count", "german", "english"),
    [
        (1, "1 Minute", "1 minute"),
        (25, "25 Minuten", "25 minutes"),
        (60, "1 Stunde", "1 hour"),
        (120, "2 Stunden", "2 hours"),
        (125, "2 Std. 5 Min.", "2 hr 5 min"),
    ],
)
def test_minutes_are_counted_in_hours_from_sixty_on(count: int, german: str, english: str) -> None:
    assert plain(words.minutes(count)) == german
    assert plain(words.minutes(count, "en")) == english


@pytest.mark.parametrize(
    ("count", "arabic", "persian"),
    [
        (1, "دقيقة واحدة", "1 دقیقه"),
        (2, "دقيقتين", "2 دقیقه"),
        (5, "5 دقائق", "5 دقیقه"),
        (25, "25 دقيقة", "25 دقیقه"),
        (60, "ساعة واحدة", "1 ساعت"),
        (120, "ساعتين", "2 ساعت"),
        (180, "3 ساعات", "3 ساعت"),
    ],
)
def test_arabic_has_words_of_its_own_for_one_and_two_and_persian_one_form_for_all(
    count: int, arabic: str, persian: str
) -> None:
    assert plain(words.minutes(count, "ar")) == arabic
    assert plain(words.minutes(count, "fa")) == persian


def test_a_list_in_arabic_script_has_the_comma_of_that_script() -> None:
    assert words.listed(["A", "B", "C"]) == "A, B und C"
    assert words.listed(["A", "B", "C"], "ar") == "A، B وC"
    assert words.listed(["A", "B", "C"], "fa") == "A، B و C"


@pytest.mark.parametrize(
    ("low", "high", "german", "english"),
    [
        (0, 5, "höchstens 5 Minuten", "at most 5 minutes"),
        (15, 25, "15 bis 25 Minuten", "15 to 25 minutes"),
        (50, 70, "50 Minuten bis 1 Std. 10 Min.", "50 minutes to 1 hr 10 min"),
    ],
)
def test_a_range_is_said_in_words(low: int, high: int, german: str, english: str) -> None:
    assert plain(words.span(Range(low, high, low))) == german
    assert plain(words.span(Range(low, high, low), "en")) == english


@pytest.mark.parametrize("language", languages.ready())
def test_no_line_ends_between_a_number_and_its_unit(language: str) -> None:
    for count in (25, 180, 125):
        assert re.search(r"\d[^\d\s]", words.minutes(count, language).replace(words.NO_BREAK, "-"))
        assert not re.search(r"\d ", words.minutes(count, language))
    assert "{count} " not in words.for_scripts(language)["minutes"]["other"]


def test_without_a_range_nothing_is_said() -> None:
    assert words.span(None) == words.span(None, "en") == ""


@pytest.mark.parametrize(
    ("count", "german", "english"),
    [
        (0, "Niemand wartet", "Nobody is waiting"),
        (1, "1 Person wartet", "1 person is waiting"),
        (7, "7 Personen warten", "7 people are waiting"),
    ],
)
def test_people_are_counted(count: int, german: str, english: str) -> None:
    sayings = ("Niemand wartet", "{count} Person wartet", "{count} Personen warten")

    assert words.counted(count, *sayings) == german
    assert words.counted(count, *sayings, language="en") == english


def test_nothing_is_said_of_none_when_there_are_no_words_for_it() -> None:
    assert words.counted(0, "", "{count} Person wartet", "{count} Personen warten", "en") == ""


def test_a_day_has_its_weekday_and_a_blank_that_never_ends_a_line() -> None:
    assert words.date_words(date(2026, 6, 8)) == f"Montag, 8.{words.NO_BREAK}Juni"
    assert words.date_words(date(2026, 6, 8), "en") == f"Monday, 8{words.NO_BREAK}June"


def test_the_day_of_a_moment_is_the_local_one() -> None:
    late = datetime(2026, 6, 7, 22, 30, tzinfo=UTC)

    assert plain(words.day(late, BERLIN)) == "Montag, 8. Juni"
    assert plain(words.day(late, BERLIN, "en")) == "Monday, 8 June"
    assert words.short_day(late, BERLIN) == "Mo 08.06."
    assert words.short_day(late, BERLIN, "en") == "Mon 8 Jun"


def test_the_clock_is_local() -> None:
    assert words.clock(moment(MONDAY, "10:15"), BERLIN) == f"10:15{words.NO_BREAK}Uhr"
    assert words.clock(moment(MONDAY, "10:15"), BERLIN, "en") == "10:15"


@pytest.mark.parametrize(
    ("opens", "german", "english"),
    [
        (moment(MONDAY, "14:00"), "geschlossen, öffnet heute um 14:00 Uhr",
         "closed, opens today at 14:00"),
        (moment(MONDAY.replace(day=3), "08:00"), "geschlossen, öffnet morgen um 08:00 Uhr",
         "closed, opens tomorrow at 08:00"),
        (moment(MONDAY.replace(day=5), "08:00"), "geschlossen, öffnet am Donnerstag um 08:00 Uhr",
         "closed, opens on Thursday at 08:00"),
        (moment(MONDAY.replace(day=9), "08:00"),
         "geschlossen, öffnet am Montag, 9. März um 08:00 Uhr",
         "closed, opens on Monday, 9 March at 08:00"),
        (None, "geschlossen", "closed"),
    ],
)  # fmt: skip
def test_the_next_opening_is_said_as_people_say_it(
    opens: datetime | None, german: str, english: str
) -> None:
    now = moment(MONDAY, "12:30")

    assert plain(words.opening(opens, None, BERLIN, now)) == german
    assert plain(words.opening(opens, None, BERLIN, now, "en")) == english


def test_midnight_is_24_o_clock_when_something_closes() -> None:
    closes, now = datetime(2026, 3, 2, 23, 0, tzinfo=UTC), moment(MONDAY, "20:00")

    assert plain(words.opening(None, closes, BERLIN, now)) == "geöffnet bis 24:00 Uhr"
    assert plain(words.opening(None, closes, BERLIN, now, "en")) == "open until 24:00"


@pytest.mark.parametrize(
    ("spans", "german", "english"),
    [
        (
            MORNING_AND_AFTERNOON,
            "08:00–12:00 und 14:00–18:00\N{NO-BREAK SPACE}Uhr",
            "08:00–12:00 and 14:00–18:00",
        ),
        ((), "geschlossen", "closed"),
        ((Span(0, 1440),), "rund um die Uhr", "open 24 hours"),
    ],
)
def test_hours_of_a_day_are_said_in_words(
    spans: tuple[Span, ...], german: str, english: str
) -> None:
    assert words.spans(spans) == german
    assert plain(words.spans(spans, "en")) == english


def test_hours_stand_within_a_sentence_too() -> None:
    german = plain(words.from_to(MORNING_AND_AFTERNOON))

    assert german == "von 08:00 bis 12:00 Uhr und von 14:00 bis 18:00 Uhr"
    assert words.from_to(MORNING_AND_AFTERNOON[:1], "en") == "from 08:00 to 12:00"


def test_a_list_ends_with_and() -> None:
    assert words.listed(["Ausweis", "Foto", "Urkunde"]) == "Ausweis, Foto und Urkunde"
    assert words.listed(["card", "photo"], "en") == "card and photo"
    assert words.listed(["card"], "en") == "card"
    assert words.listed([]) == ""


def test_ways_from_the_waiting_area_are_said_and_an_unknown_arrow_is_not() -> None:
    assert words.way("up") == "ein Stockwerk höher"
    assert words.way("up", "en") == "one floor up"
    assert words.way("", "en") == ""


def test_a_language_that_is_not_ready_hears_german() -> None:
    assert plain(words.minutes(5, "tlh")) == "5 Minuten"
    assert plain(words.minutes(5, "en-GB")) == "5 minutes"


def test_pages_that_stay_open_know_every_plural_of_their_language() -> None:
    german = words.forms("{count} Minute", "{count} Minuten")

    assert german == {"one": "{count} Minute", "other": "{count} Minuten"}
    assert words.for_scripts("en")["minutes"] == {
        "one": f"{{count}}{words.NO_BREAK}minute",
        "other": f"{{count}}{words.NO_BREAK}minutes",
    }


def test_holidays_have_names_in_both_languages_wherever_the_machine_stands() -> None:
    christmas = date(2026, 12, 25)

    german, english = holiday_name(christmas, "SH"), holiday_name(christmas, "SH", "en")
    assert german is not None and (german.text, german.language) == ("Erster Weihnachtstag", "de")
    assert english is not None and (english.text, english.language) == ("Christmas Day", "en")


def test_a_day_is_a_holiday_in_one_land_and_none_in_another() -> None:
    all_saints = date(2027, 11, 1)

    assert holiday_name(all_saints, "BY") is not None
    assert holiday_name(all_saints, "SH") is None and holiday_name(all_saints, "") is None


@pytest.fixture
def easy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An office that offers Leichte Sprache, however far its translation is."""
    (tmp_path / f"{EASY_GERMAN}.po").write_text((CATALOGUES / "en.po").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(languages, "CATALOGUES", tmp_path)
    known = (languages.ready, languages.texts, languages.own_name, words.forms, words._names)
    for each in known:
        each.cache_clear()
    yield
    monkeypatch.undo()
    for each in known:
        each.cache_clear()


def test_leichte_sprache_is_a_language_with_the_dates_and_plurals_of_german(easy: None) -> None:
    assert languages.ready() == ("de", EASY_GERMAN)
    assert languages.usable("de-X-Leicht") == EASY_GERMAN
    assert languages.own_name(EASY_GERMAN) == "Leichte Sprache"
    assert words.weekday(0, EASY_GERMAN) == "Montag"
    assert plain(words.minutes(1, EASY_GERMAN)) == "1 minute"
    assert set(words.forms("{count} Minute", "{count} Minuten", EASY_GERMAN)) == {"one", "other"}
    assert languages.is_spoken("de", EASY_GERMAN) and not languages.is_spoken("de", "tr")


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("Nummer A 015 zurückgeben?", ["Nummer", "A 015", "zurückgeben?"]),
        ("Ihr Termin um 10:35 Uhr", ["Ihr", "Termin", "um", "10:35 Uhr"]),
        ("am Mo 08.06., 08:00 Uhr", ["am", "Mo 08.06.,", "08:00 Uhr"]),
        ("bis zum 24. Dezember", ["bis", "zum", "24. Dezember"]),
        ("12 Minuten in Raum 204", ["12 Minuten", "in", "Raum", "204"]),
    ],
)
def test_no_line_ends_within_a_number_a_time_or_a_date(said: str, parts: list[str]) -> None:
    assert [plain(part) for part in words.no_break(said).split(" ")] == parts


@pytest.mark.parametrize("language", languages.ready())
def test_hours_with_minutes_and_the_24_hours_of_a_day_stay_in_one_line(language: str) -> None:
    assert " " not in words.minutes(100, language)
    assert re.search(r"\d ", words.spans((Span(0, 24 * 60),), language)) is None


@pytest.mark.parametrize("language", languages.ready())
def test_day_and_month_stay_together_in_every_language(language: str) -> None:
    said = words.date_words(date(2026, 12, 24), language)

    assert any("24" in part and len(part) > 4 for part in said.split(" ")), said
