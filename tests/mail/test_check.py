"""`aufruf check` looks at the mail server and sends nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.commands.all import aufruf
from tests.mailbox import SENDER, Mailbox
from tests.office import HERE, free_port


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copy(HERE / "office.toml", tmp_path / "config.toml"))


LEGAL = """
[legal]
imprint_url = "https://a.example/impressum"
privacy_url = "https://a.example/datenschutz"
accessibility_url = "https://a.example/barrierefrei"
"""


def check(
    config: Path, smtp_url: str, password: str = "", public_url: str = "https://termine.example"
) -> Result:
    mail = f'\n[mail]\nsender = "{SENDER}"\nsmtp_url = "{smtp_url}"\npassword = "{password}"\n'
    text = config.read_text().replace("[server]", f'[server]\npublic_url = "{public_url}"')
    config.write_text(text + mail + LEGAL)
    return CliRunner().invoke(aufruf, ["check", "--config", str(config)])


def test_mail_that_is_off_is_said_but_is_no_mistake(config: Path) -> None:
    result = check(config, "")

    assert result.exit_code == 0
    assert "Mail is off" in result.stderr and "nothing is wrong" in result.stdout


def test_a_good_server_is_met_and_gets_no_letter(config: Path) -> None:
    with Mailbox(user="aufruf", password="geheim") as mailbox:
        result = check(config, mailbox.url.replace("//", "//aufruf@"), "geheim")

        assert result.exit_code == 0 and "mail" not in result.stderr.lower()
        assert (mailbox.signed_in, mailbox.letters) == (1, [])


def test_links_that_lead_nowhere_are_said(config: Path) -> None:
    with Mailbox() as mailbox:
        result = check(config, mailbox.url, public_url="")

    assert result.exit_code == 0
    assert "Links in letters lead to http://localhost:8000" in result.stderr


def test_a_wrong_password_is_said_without_showing_it(config: Path) -> None:
    with Mailbox(user="aufruf", password="geheim") as mailbox:
        result = check(config, mailbox.url.replace("//", "//aufruf:falsch@"))

    assert result.exit_code == 1
    assert "does not accept user name and password" in result.stderr
    assert "falsch" not in result.output


def test_a_server_that_is_not_there_is_named(config: Path) -> None:
    port = free_port()

    result = check(config, f"smtp://127.0.0.1:{port}")

    assert result.exit_code == 1
    assert f"mail: the mail server 127.0.0.1:{port} can't be reached" in result.stderr


def test_a_folder_for_letters_is_looked_at(config: Path) -> None:
    assert check(config, "file:letters").exit_code == 0
    assert (config.parent / "letters").is_dir()


def test_a_folder_that_is_a_file_is_said(config: Path) -> None:
    (config.parent / "letters").write_text("")

    result = check(config, "file:letters")

    assert result.exit_code == 1 and "can't be written" in result.stderr


def test_legal_pages_that_are_missing_are_named(config: Path) -> None:
    result = CliRunner().invoke(aufruf, ["check", "--config", str(config)])

    assert result.exit_code == 0
    for key, what in (
        ("imprint_url", "Impressum"),
        ("privacy_url", "Datenschutz"),
        ("accessibility_url", "Erklärung zur Barrierefreiheit"),
    ):
        assert f"[legal] {key} is empty" in result.stderr and what in result.stderr
    assert "[legal]" not in check(config, "").stderr


def test_legal_pages_that_every_site_names_itself_are_not_missed(config: Path) -> None:
    own = '[site.links]\nimprint = "https://a.example/impressum"\n\n[site.hours]'
    config.write_text(config.read_text().replace("[site.hours]", own))

    result = CliRunner().invoke(aufruf, ["check", "--config", str(config)])

    assert result.exit_code == 0
    assert "imprint_url" not in result.stderr and "privacy_url" in result.stderr
