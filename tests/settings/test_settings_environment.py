"""The environment goes before the file, and is checked as strictly."""

from __future__ import annotations

import pytest

from queue_server.settings import ConfigError, load_settings


def test_a_variable_goes_before_the_file(office, smallest):
    env = {"AUFRUF_SERVER_PORT": "9000", "AUFRUF_SERVER_BEHIND_PROXY": "true"}

    server = office.load("[server]\nport = 8001\n" + smallest, env).server

    assert (server.port, server.behind_proxy) == (9000, True)


def test_every_plain_key_can_come_from_the_environment(office, tmp_path):
    env = {
        "AUFRUF_SERVER_HOST": "127.0.0.1",
        "AUFRUF_SERVER_PUBLIC_URL": "https://termine.example.de/",
        "AUFRUF_SERVER_DATA_DIR": "/srv/aufruf",
        "AUFRUF_DATABASE_DURABILITY": "normal",
        "AUFRUF_REALTIME_REDIS_URL": "",
        "AUFRUF_MAIL_SMTP_URL": "smtp://mail.example.de:587",
        "AUFRUF_MAIL_SENDER": "amt@example.de",
        "AUFRUF_MAIL_PASSWORD": "geheim",
        "AUFRUF_PRIVACY_PEOPLE_DAYS": "3",
        "AUFRUF_PRIVACY_BACKUP_DAYS": "14",
    }

    settings = office.load(env=env)

    assert settings.public_url == "https://termine.example.de"
    assert str(settings.database_path) == "/srv/aufruf/aufruf.db"
    assert settings.database.durability == "normal"
    assert settings.mail.password == "geheim"
    assert (settings.privacy.people_days, settings.privacy.backup_days) == (3, 14)


def test_a_wrong_variable_names_itself(office):
    env = {"AUFRUF_SERVER_PORT": "eighty", "AUFRUF_SERVER_BEHIND_PROXY": "yes"}

    assert sorted(office.problems(env=env)) == [
        'environment variable AUFRUF_SERVER_BEHIND_PROXY: expected true or false, got "yes"',
        "environment variable AUFRUF_SERVER_PORT: "
        'expected a whole number from 1 to 65535, got "eighty"',
    ]


def test_a_problem_has_the_line_of_the_file_unless_a_variable_is_to_blame(office, smallest):
    text = smallest.replace("minutes = 15", "minutes = 0") + "[server]\nport = 8000\n"

    with pytest.raises(ConfigError) as refused:
        office.load(text, {"AUFRUF_SERVER_PORT": "70000"})

    lines = {sentence: named.line for sentence, named in refused.value.named.items()}
    assert {line: "AUFRUF_SERVER_PORT" in sentence for sentence, line in lines.items()} == {
        0: True,
        smallest[: smallest.index("minutes")].count("\n") + 1: False,
    }


def test_an_unknown_variable_is_an_error_with_the_known_ones(office):
    [problem] = office.problems(env={"AUFRUF_SERVER_PROT": "9000"})

    assert problem.startswith(
        "environment variable AUFRUF_SERVER_PROT: unknown key; did you mean "
        '"AUFRUF_SERVER_PORT"? Known: AUFRUF_SERVER_HOST, AUFRUF_SERVER_PORT'
    )


def test_a_misspelled_section_is_noticed_and_other_programs_are_left_alone(office):
    [problem] = office.problems(env={"AUFRUF_DATABSE_URL": "x", "AUFRUF_NIGHTLY": "1"})

    assert "AUFRUF_DATABSE_URL" in problem


def test_sites_stand_in_the_file_only(office):
    [problem] = office.problems(env={"AUFRUF_SITE_NAME": "Rathaus"})

    assert problem == (
        "environment variable AUFRUF_SITE_NAME: the [[site]] tables stand in the file only"
    )


def test_a_secret_may_come_from_a_file(office, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("ge heim\n")

    settings = office.load(env={"AUFRUF_MAIL_PASSWORD_FILE": str(secret)})

    assert settings.mail.password == "ge heim"
    assert "heim" not in repr(settings)


def test_only_secrets_come_from_files(office):
    [problem] = office.problems(env={"AUFRUF_SERVER_PORT_FILE": "/run/port"})

    assert "AUFRUF_SERVER_PORT_FILE: unknown key" in problem


def test_a_secret_file_that_is_not_there_is_told(office):
    [problem] = office.problems(env={"AUFRUF_DATABASE_URL_FILE": "/nowhere/url"})

    assert problem == (
        'environment variable AUFRUF_DATABASE_URL_FILE: cannot read "/nowhere/url": '
        "No such file or directory"
    )


def test_a_secret_is_set_once(office, tmp_path):
    (tmp_path / "secret").write_text("a")
    env = {"AUFRUF_MAIL_PASSWORD": "b", "AUFRUF_MAIL_PASSWORD_FILE": str(tmp_path / "secret")}

    assert office.problems(env=env) == [
        "environment variables AUFRUF_MAIL_PASSWORD and AUFRUF_MAIL_PASSWORD_FILE: "
        "expected only one of the two"
    ]


def test_a_wrong_secret_from_the_environment_is_not_shown(office):
    [problem] = office.problems(env={"AUFRUF_DATABASE_URL": "mysql://amt:geheim@host/db"})

    assert "geheim" not in problem


def test_aufruf_config_names_the_file(tmp_path, smallest, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "office.toml").write_text(smallest)
    (tmp_path / "config.toml").write_text("[server]\nport = 8001\n" + smallest)
    monkeypatch.chdir(tmp_path)

    assert load_settings(env={"AUFRUF_CONFIG": "office.toml"}).server.port == 8000
    assert load_settings(env={}).server.port == 8001
