"""What the office has written is translated in config.toml, in each of the ten languages."""

from __future__ import annotations

import pytest

from queue_server.languages import GERMAN, ORDER, Said
from queue_server.languages.office_texts import counter_name, documents_of, name_of, own_words

WORDS = """
[site.translated.en]
"Rathaus" = "Town hall"
"Schalter" = "Counter"
"Heute nur mit Termin." = "Today only with an appointment."
"Personalausweis" = "identity card"
"Anmeldung" = "Registration"
"""


@pytest.mark.parametrize("language", [each for each in ORDER if each != GERMAN])
def test_every_table_takes_every_language(office, smallest, language):
    site = office.load(
        f"""{smallest}
[site.service.translated.{language}]
name = "Anders"
[site.slip]
text = "Kasse im Erdgeschoss"
[site.slip.translated]
{language} = "Auf Papier anders"
[site.translated.{language}]
"Heute zu" = "Auch anders"
"""
    ).sites[0]

    assert site.services[0].in_language(language).name == "Anders"
    assert site.slip.in_language(language) == "Auf Papier anders"
    assert own_words(site, "Heute zu", language) == Said("Auch anders", language)


def test_what_is_not_translated_stays_german_and_says_so(office, smallest):
    site = office.load(smallest + WORDS).sites[0]

    assert own_words(site, "Heute nur mit Termin.", "en").language == "en"
    assert own_words(site, "Heute geschlossen.", "en") == Said("Heute geschlossen.", GERMAN)
    assert own_words(site, "Heute nur mit Termin.", "tr").language == GERMAN


def test_a_counter_keeps_its_number_under_a_translated_word(office, smallest):
    site = office.load(smallest + WORDS).sites[0]

    assert counter_name(site, site.counters[0].id, "en") == Said("Counter\N{NO-BREAK SPACE}1", "en")
    assert counter_name(site, site.counters[0].id, "tr").language == GERMAN
    assert counter_name(site, "abgebaut", "en") == Said("abgebaut", GERMAN)


def test_a_service_says_itself_what_it_is_called_and_the_words_of_the_site_say_the_rest(
    office, smallest
):
    text = smallest.replace("minutes = 15", 'minutes = 15\ndocuments = ["Personalausweis"]')
    own = '[site.service.translated.en]\nname = "Register here"\n'

    by_words = office.load(text + WORDS).sites[0].services[0]
    by_itself = office.load(text + own + WORDS).sites[0].services[0]

    assert name_of(by_itself, "en").text == "Register here"
    for service in (by_words, by_itself):
        assert documents_of(service, "en") == (Said("identity card", "en"),)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("[site.translated.xx]\n", 'translated: unknown key "xx"'),
        ('[site.translated]\nen = "Rathaus"\n', "translated.en: expected a table with lines"),
        ('[site.translated.en]\n"Rathaus" = 3\n', "Rathaus: expected two texts of 1 to 300"),
        ('[site.translated.en]\n"Rathaus" = ""\n', "Rathaus: expected two texts of 1 to 300"),
    ],
)
def test_wrong_words_are_named(office, smallest, lines, problem):
    [told] = office.problems(smallest + lines)

    assert problem in told
