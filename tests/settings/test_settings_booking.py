"""What citizens' booking needs of config.toml: special days, translations, letters, limits."""

from __future__ import annotations

from datetime import date

import pytest

from queue_server.domain.hours import Span, SpecialDay
from queue_server.domain.site import BookingRules, Translation

LETTERS = '[mail]\nsender = "amt@example.de"\n'


def special(*days: str) -> str:
    return "".join(f"\n[[site.special_day]]\n{day}\n" for day in days)


def translated(language: str = "en", lines: str = 'name = "Registration"') -> str:
    return f"[site.service.translated.{language}]\n{lines}\n"


def with_translation(smallest: str, text: str) -> str:
    return smallest.replace("[[site.counter]]", f"{text}[[site.counter]]")


# -- special days ------------------------------------------------------------------------------


def test_a_special_day_is_closed_unless_it_has_hours(office, smallest):
    days = special(
        "day = 2026-12-24",
        'day = "2026-12-31"\nhours = ["14:00-16:00", "08:00-10:00"]\nnotice = "Silvester"',
    )

    assert office.load(smallest + days).site("rathaus").special_days == (
        SpecialDay(date(2026, 12, 24)),
        SpecialDay(date(2026, 12, 31), (Span(480, 600), Span(840, 960)), "Silvester"),
    )


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ('day = "24.12.2026"', "day", 'a date such as "2026-12-24", got "24.12.2026"'),
        ('day = "2026-02-30"', "day", 'a date such as "2026-12-24"'),
        ('day = "20261224"', "day", "a date such as"),
        ('day = "2026-W52-4"', "day", "a date such as"),
        ("day = 20261224", "day", "a date such as"),
        ("day = 2026-12-24T00:00:00", "day", "a date such as"),
        ("day = true", "day", "a date such as"),
        ('notice = "Heiligabend"', "day", "this key is missing: expected a date"),
        ('day = 2026-12-24\nhours = ["10-12"]', "hours, entry 1", 'a span "HH:MM-HH:MM"'),
        ('day = 2026-12-24\nhours = ["12:00-10:00"]', "hours, entry 1", "its start before its end"),
        ('day = 2026-12-24\nhours = "10:00-12:00"', "hours", "a list of spans"),
        (
            'day = 2026-12-24\nhours = ["08:00-12:00", "11:00-13:00"]',
            "hours",
            "these opening hours overlap",
        ),
        (f'day = 2026-12-24\nnotice = "{"x" * 201}"', "notice", "a text of 0 to 200 characters"),
        ("day = 2026-12-24\nclosed = true", "", 'unknown key "closed"'),
    ],
)
def test_a_wrong_special_day_names_itself(office, smallest, line, key, expected):
    [problem] = office.problems(smallest + special(line))

    name = f"special_day number 1.{key}:" if key else "special_day number 1:"
    assert f'site "rathaus".{name}' in problem
    assert expected in problem


@pytest.mark.parametrize("written", ["day = 2026-12-24", 'day = "2026-12-24"'])
def test_a_day_is_special_once(office, smallest, written):
    [problem] = office.problems(smallest + special("day = 2026-12-24", written))

    assert "special_day number 2.day: expected one [[site.special_day]] for 2026-12-24" in problem
    assert problem.startswith("config.toml line 19: ")


def test_two_days_without_a_date_are_told_as_missing_and_not_as_the_same(office, smallest):
    problems = office.problems(smallest + special('notice = "a"', 'notice = "b"'))

    assert len(problems) == 2
    assert all("this key is missing" in problem for problem in problems)


def test_special_days_belong_to_their_site_and_never_to_an_office_that_is_always_open(
    office, smallest
):
    other = smallest.replace("rathaus", "nordend").replace('id = "1"', 'id = "2"')
    both = special("day = 2026-12-24")

    settings = office.load(smallest + both + other + both)
    always = office.load(smallest + both, always_open=True)

    assert [len(site.special_days) for site in settings.sites] == [1, 1]
    assert always.site("rathaus").special_days == ()


# -- translations --------------------------------------------------------------------------------


def test_what_is_translated_is_read_in_that_language_and_the_rest_stays_german(office, smallest):
    text = translated(lines='name = "Registration"\ndocuments = ["Identity card"]')
    german = with_translation(smallest, 'fee = "kostenlos"\n' + text)

    service = office.load(german).site("rathaus").service("meldewesen")

    assert service.translations == {
        "en": Translation(name="Registration", documents=("Identity card",))
    }
    english = service.in_language("en")
    assert (english.name, english.fee, english.documents) == (
        "Registration",
        "kostenlos",
        ("Identity card",),
    )
    assert service.in_language("tr") == service == service.in_language("de")
    assert (english.id, english.minutes, english.group) == ("meldewesen", 15, "M")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (translated("xx"), 'translated: unknown key "xx"'),
        (translated("en", 'nmae = "x"'), 'translated.en: unknown key "nmae"; did you mean "name"?'),
        (translated("en", "name = 3"), "translated.en.name: expected a text of 0 to 120"),
        (translated("en", 'documents = [""]'), "documents, entry 1: expected a text of 1 to 300"),
        (translated("en", 'online_url = "x"'), "translated.en.online_url: expected an address"),
        ('translated = "en"\n', "translated: expected a table [site.service.translated]"),
    ],
)
def test_a_wrong_translation_names_itself(office, smallest, text, expected):
    [problem] = office.problems(with_translation(smallest, text))

    assert 'site "rathaus".service "meldewesen".' in problem
    assert expected in problem


# -- phone and counters --------------------------------------------------------------------------


def test_phone_and_bookable_counters(office, smallest):
    text = smallest.replace("[[site]]\n", '[[site]]\nphone = "0431 901-0"\n')
    text += "bookable = false\n[[site.counter]]\nid = '2'\nname = 'Schalter 2'\n"

    site = office.load(text).site("rathaus")

    assert site.phone == "0431 901-0"
    assert [counter.bookable for counter in site.counters] == [False, True]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("phone = 431", "phone: expected a text of 0 to 40 characters on one line, got 431"),
        (f'phone = "{"1" * 41}"', "phone: expected a text of 0 to 40 characters"),
        ('phone = "1\\n2"', "phone: expected a text of 0 to 40 characters"),
    ],
)
def test_a_wrong_phone_number_names_itself(office, smallest, line, expected):
    [problem] = office.problems(smallest.replace("[[site]]\n", f"[[site]]\n{line}\n"))

    assert expected in problem


def test_a_counter_is_bookable_or_not(office, smallest):
    [problem] = office.problems(smallest + 'bookable = "no"\n')

    assert 'counter "1".bookable: expected true or false, got "no"' in problem


# -- booking ---------------------------------------------------------------------------------


RANGES = {
    "horizon_days": (1, 365),
    "lead_minutes": (0, 20160),
    "step_minutes": (1, 120),
    "form_minutes": (2, 120),
    "hold_minutes": (5, 1440),
    "release_pause_minutes": (0, 1440),
    "open_per_address": (1, 20),
    "proof_work": (1000, 5_000_000),
    "per_client_hour": (1, 100_000),
    "per_hour": (1, 100_000),
    "unproven_per_client_hour": (0, 100_000),
    "unproven_per_hour": (0, 100_000),
    "unconfirmed_client_minutes": (15, 100_000),
    "most_moves": (0, 100),
}


@pytest.mark.parametrize("key", RANGES)
def test_every_number_of_booking_has_its_range(office, smallest, key):
    low, high = RANGES[key]

    for value in (low, high):
        rules = office.load(f"{smallest}[site.booking]\n{key} = {value}\n").sites[0].booking
        assert rules == BookingRules(**{key: value})
    for value in (low - 1, high + 1, 5.5, "true", '"5"'):
        [problem] = office.problems(f"{smallest}[site.booking]\n{key} = {value}\n")
        assert (
            f"booking.{key}: expected a whole number from {low} to {high}, got {value}" in problem
        )


def test_the_default_of_every_number_lies_in_its_range():
    rules = BookingRules()

    assert all(low <= getattr(rules, key) <= high for key, (low, high) in RANGES.items())


# -- letters ---------------------------------------------------------------------------------


def test_without_an_address_of_a_server_no_letters_are_sent(office, smallest):
    mail = office.load(LETTERS + smallest).mail

    assert (mail.is_on, mail.folder, mail.reminder_hours) == (False, None, 24)


def test_letters_go_out_through_a_server(office, smallest):
    mail = office.load(LETTERS + 'smtp_url = "smtps://a:geheim@host:465"\n' + smallest).mail

    assert (mail.is_on, mail.folder) == (True, None)
    assert "geheim" not in repr(mail)


@pytest.mark.parametrize("folder", ["letters", "./var/letters"])
def test_letters_are_put_into_a_folder_beside_the_file_to_try_things_out(
    office, smallest, tmp_path, folder
):
    mail = office.load(f'{LETTERS}smtp_url = "file:{folder}"\n{smallest}').mail

    assert mail.is_on
    assert mail.folder is not None and mail.folder.is_absolute()
    assert mail.folder == tmp_path / folder


def test_a_folder_may_stand_anywhere(office, smallest):
    mail = office.load(f'{LETTERS}smtp_url = "file:/srv/letters"\n{smallest}').mail

    assert str(mail.folder) == "/srv/letters"


def test_a_folder_for_letters_may_come_from_the_environment(office, smallest, tmp_path):
    env = {"AUFRUF_MAIL_SMTP_URL": "file:letters", "AUFRUF_MAIL_REMINDER_HOURS": "48"}

    mail = office.load(LETTERS + smallest, env).mail

    assert (mail.folder, mail.reminder_hours) == (tmp_path / "letters", 48)


@pytest.mark.parametrize("url", ["file:", "folder:letters", "imap://host", "smtp://", "smtp:host"])
def test_a_wrong_way_for_letters_is_refused_without_showing_it(office, smallest, url):
    [problem] = office.problems(f'{LETTERS}smtp_url = "{url}"\n{smallest}')

    assert 'mail.smtp_url: expected "smtp://user:secret@host:port"' in problem
    assert "not shown" in problem


def test_letters_in_a_folder_need_a_sender_as_well(office, smallest):
    [problem] = office.problems('[mail]\nsmtp_url = "file:letters"\n' + smallest)

    assert "mail.sender: expected the address" in problem


@pytest.mark.parametrize("value", ["-1", "169", "true", '"24"'])
def test_a_reminder_is_written_some_hours_ahead_and_never_more_than_a_week(office, smallest, value):
    [problem] = office.problems(f"[mail]\nreminder_hours = {value}\n{smallest}")

    assert "mail.reminder_hours: expected a whole number from 0 to 168" in problem
