"""A wrong configuration names every problem: file, line, key, what was expected and found."""

from __future__ import annotations

import pytest

from queue_server.settings import ConfigError, load_settings


def test_a_wrong_type_names_line_key_range_and_what_was_found(office, smallest):
    text = smallest + '[site.checkin]\ngrace_minutes = "ten"\n'

    assert office.problems(text) == [
        'config.toml line 15: site "rathaus".checkin.grace_minutes: '
        'expected a whole number from 0 to 240, got "ten"'
    ]


def test_an_unknown_key_names_itself_and_the_one_that_was_meant(office, smallest):
    [problem] = office.problems(smallest + "[site.checkin]\ngracee_minutes = 5\n")

    assert problem == (
        'config.toml line 15: site "rathaus".checkin: unknown key "gracee_minutes"; '
        'did you mean "grace_minutes"? Known: early_minutes, grace_minutes, late_until_minutes'
    )


def test_an_unknown_section_is_an_unknown_key(office, smallest):
    [problem] = office.problems("[sever]\nport = 1\n" + smallest)

    assert problem.startswith('config.toml line 1: unknown key "sever"; did you mean "server"?')


def test_all_problems_are_told_at_once_in_the_order_of_the_file(office, smallest):
    text = smallest.replace("minutes = 15", "minutes = 0").replace('"M"', '"Meldewesen"')
    text += '[[site.counter]]\nid = "1"\nname = "Schalter 2"\nservices = ["kfz"]\ncolour = 3\n'

    told = office.problems(text)

    lines = [int(problem.split(" line ")[1].split(":")[0]) for problem in told]
    assert lines == [9, 10, 15, 17, 18]


def test_a_missing_key_is_told_with_the_line_of_its_table(office, smallest):
    assert office.problems(smallest.replace("minutes = 15\n", "")) == [
        'config.toml line 6: site "rathaus".service "meldewesen".minutes: '
        "this key is missing: expected a whole number from 1 to 480"
    ]


@pytest.mark.parametrize(
    "line, expected",
    [
        ("id = 7", "an id of lower-case letters"),
        ('id = "Ämter"', "an id of lower-case letters"),
        ('timezone = "Europe/Musterstadt"', 'a time zone such as "Europe/Berlin"'),
        ('timezone = "../etc/passwd"', "a time zone"),
        ("timezone = 1", "a time zone"),
        ('land = "XX"', 'one of "", "BB"'),
        ("notices = 3", "a list of texts"),
        ('notices = [""]', "a text of 1 to 300 characters"),
        ("tickets = 5", "a table [site.tickets]"),
        ("booking = {walk_in_share = 1.5}", "a number from 0 to 1, got 1.5"),
        ("booking = {walk_in_share = nan}", "a number from 0 to 1"),
        ("booking = {proof = 1}", "true or false, got 1"),
        ("checkin = {early_minutes = true}", "a whole number from 0 to 480, got true"),
        ("checkin = {early_minutes = 5.0}", "a whole number from 0 to 480, got 5.0"),
        ('priority = {rule = "random"}', 'one of "due_first", "strict", "arrival"'),
        ("priority = {guard_every = 1}", "a whole number from 2 to 100"),
        ('kiosk = [{id = "k", printer = "lpt1"}]', "expected tcp://host:9100"),
        ('display = [{id = "d", rows = 0}]', '"auto" or a whole number from 1 to 20, got 0'),
        ('display = [{id = "d", languages = ["de", "xx"]}]', 'one of "de", "de-x-leicht"'),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_expected(office, smallest, line, expected):
    rest = smallest.replace('id = "rathaus"\n', "") if line.startswith("id") else smallest
    text = rest.replace("[[site]]\n", f"[[site]]\n{line}\n")

    [problem] = office.problems(text)

    assert problem.startswith("config.toml line 2: site ")
    assert expected in problem


@pytest.mark.parametrize(
    "section, expected",
    [
        ("[server]\nport = 0", "a whole number from 1 to 65535, got 0"),
        ('[server]\npublic_url = "termine.example.de"', "an address such as"),
        ('[server]\npublic_url = "http://host:port"', "an address such as"),
        ('[database]\nurl = "var/aufruf.db"', "a database address"),
        ('[database]\nurl = "sqlite:///:memory:"', "a database address"),
        ('[database]\nurl = "mysql://host/db"', "a database address"),
        ('[database]\ndurability = "some"', 'one of "full", "normal"'),
        ('[realtime]\nredis_url = "redis://host"', "servers hear of each other through PostgreSQL"),
        ('[mail]\nsender = "amt"', "an e-mail address"),
        ("[privacy]\npeople_days = 8", "a whole number from 0 to 7, got 8"),
    ],
)
def test_a_wrong_section_is_refused_with_what_is_expected(office, smallest, section, expected):
    [problem] = office.problems(f"{section}\n{smallest}")

    assert problem.startswith("config.toml line 2: ")
    assert expected in problem


def test_mail_needs_a_sender(office, smallest):
    [problem] = office.problems('[mail]\nsmtp_url = "smtp://host"\n' + smallest)

    assert problem.startswith("config.toml line 1: mail.sender: expected the address")


def test_a_secret_is_never_shown(office, smallest):
    [problem] = office.problems(
        '[mail]\nsender = "amt@example.de"\nsmtp_url = "http://amt:geheim@host"\n' + smallest
    )

    assert "geheim" not in problem
    assert "smtp_url: expected" in problem


def test_a_file_that_is_no_toml_names_the_line(office, smallest):
    assert office.problems(smallest + "[server\n") == [
        "config.toml line 14: this is not valid TOML: "
        "Expected ']' at the end of a table declaration"
    ]


def test_an_empty_file_says_what_is_needed(office):
    assert office.problems("") == ["config.toml: expected at least one [[site]]"]


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="there is no such file; begin with `aufruf example"):
        load_settings(tmp_path / "nothing.toml", {})


def test_a_directory_and_a_foreign_encoding_are_refused_in_words(tmp_path):
    latin = tmp_path / "latin.toml"
    latin.write_bytes("name = 'Bürger'".encode("latin-1"))

    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path, {})
    with pytest.raises(ConfigError, match="UTF-8"):
        load_settings(latin, {})
