"""Earlier texts of config.toml are looked at and put back; secrets and other sites stay out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from queue_server.actions import staff
from queue_server.settings.editing import SetKey
from queue_server.settings.editing.file import fingerprint, write
from tests.office import Office
from tests.pages.conftest import inspect_page
from tests.pages.setup_forms import Visit, book_erika, settings, words_of

PAGE = "/office/setup/backups"
KFZ = ("site", "rathaus", "service", "kfz")


@pytest.fixture
def ada(office: Office) -> FlaskClient:
    staff.add_clerk(office.store, "Ada", "rathaus", "admin", "ein Hash", now=office.clock())
    return office.signed_in("Ada")


def save(office: Office, *changes: SetKey) -> None:
    """As a page does it: the text before stays as a backup."""
    context = office.app.extensions["aufruf"]
    proposal = context.configuration.proposal(changes, office.clock())
    context.configuration.save(proposal, context.site("rathaus"), 1, office.clock())


def backup(office: Office, old: str, new: str) -> None:
    """A kept text that differs from what is in force."""
    path: Path = settings(office).path
    now = path.read_text("utf-8")
    earlier = now.replace(old, new)
    assert earlier != now
    moment = datetime(2026, 6, 7, 12, tzinfo=UTC)
    path.write_text(earlier, "utf-8")
    write(path, now, expected=fingerprint(earlier), now=moment)


def looked_at(client: FlaskClient, visit: Visit) -> BeautifulSoup:
    link = visit(client, PAGE).select_one("tbody a")
    assert link is not None
    return visit(client, str(link["href"]))


def sent(client: FlaskClient, look: BeautifulSoup, status: int = 303) -> BeautifulSoup:
    """Press "Speichern"; a page without it is sent all the same, as an attacker would."""
    fields = {box["name"]: box["value"] for box in look.select("main form input")}
    answer = client.post(PAGE, data=fields)
    assert answer.status_code == status, answer.text
    page = BeautifulSoup(answer.text, "html.parser")
    if status != 303:
        inspect_page(page)
    return page


def test_what_was_saved_is_put_back_to_the_byte_and_the_journal_says_by_whom(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    assert "Noch gibt es keine" in words_of(visit(lea, PAGE))
    before = settings(office).path.read_bytes()
    save(office, SetKey(KFZ, "minutes", 12), SetKey(KFZ, "fee", "30,00 €"))
    assert "08:00 Uhr 2 Zeilen" in words_of(visit(lea, PAGE))

    look = looked_at(lea, visit)
    lines = {line.text for line in look.select(".setup__lines code")}
    assert lines == {"− minutes = 12", '− fee = "30,00 €"', "+ minutes = 10"}
    sent(lea, look)

    assert settings(office).path.read_bytes() == before
    assert settings(office).site("rathaus").service("kfz").minutes == 10
    told = words_of(visit(lea, "/office/changes?kind=settings"))
    assert (
        "Lea Einstellungen: Anliegen „Bewohnerparkausweis“: Minuten für eine Person "
        "site.rathaus.service.kfz.minutes"
    ) in told


def test_whoever_was_quicker_is_told_and_the_text_is_shown_anew(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    save(office, SetKey(KFZ, "minutes", 12))
    look = looked_at(lea, visit)
    office.clock.pass_time(minutes=1)
    save(office, SetKey(KFZ, "minutes", 15))

    again = sent(lea, look, 409)

    assert "Inzwischen hat sich config.toml geändert" in words_of(again)
    assert "− minutes = 15" in [line.text for line in again.select(".setup__lines code")]
    assert settings(office).site("rathaus").service("kfz").minutes == 15
    sent(lea, again)
    assert settings(office).site("rathaus").service("kfz").minutes == 10


def test_a_kept_text_that_was_changed_since_it_was_looked_at_is_shown_anew(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    save(office, SetKey(KFZ, "minutes", 12))
    look = looked_at(lea, visit)
    path: Path = settings(office).path
    (kept,) = path.parent.glob("*.bak")
    kept.write_text(kept.read_text("utf-8").replace("minutes = 10", "minutes = 99"), "utf-8")

    again = sent(lea, look, 409)

    assert "+ minutes = 99" in [line.text for line in again.select(".setup__lines code")]
    assert settings(office).site("rathaus").service("kfz").minutes == 12


def test_a_hand_that_saves_while_a_text_is_put_back_goes_first(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    save(office, SetKey(KFZ, "minutes", 12))
    look = looked_at(lea, visit)
    path: Path = settings(office).path
    by_hand = path.read_text("utf-8").replace("minutes = 12", "minutes = 15")
    path.write_text(by_hand, "utf-8")

    assert "Inzwischen hat sich config.toml geändert" in words_of(sent(lea, look, 409))
    assert path.read_text("utf-8") == by_hand


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("[server]", '[legal]\nimprint_url = "https://example.de/i"\n[server]', "legal"),
        ('printer = ""', 'printer = "file:///tmp/irgendwo"', "kiosk.eingang.printer"),
    ],
)
def test_what_reaches_beyond_the_office_only_the_administration_sees_and_puts_back(
    office: Office, lea: FlaskClient, ada: FlaskClient, visit: Visit, old: str, new: str, key: str
) -> None:
    backup(office, old, new)

    refused = looked_at(lea, visit)
    assert "nur die Verwaltung" in words_of(refused) and key in words_of(refused)
    assert not refused.select(".setup__lines") and not refused.select("main [type=submit]")
    before = settings(office).text
    sent(lea, refused, 200)
    assert settings(office).text == before

    sent(ada, looked_at(ada, visit))
    assert new.split("\n")[0] in settings(office).text


def test_a_secret_is_never_on_the_page(office: Office, ada: FlaskClient, visit: Visit) -> None:
    backup(office, "[server]", '[mail]\npassword = "geheim-1"\n# password = "geheim-2"\n[server]')

    look = looked_at(ada, visit)

    assert "geheim" not in str(look)
    assert '+ password = "…"' in [line.text for line in look.select(".setup__lines code")]


def test_what_somebody_counts_on_stands_in_the_way(
    office: Office, lea: FlaskClient, visit: Visit
) -> None:
    book_erika(lea)
    save(office, SetKey(("site", "rathaus", "hours"), "tue", ["08:00-18:00"]))
    path: Path = settings(office).path
    (kept,) = path.parent.glob("*.bak")
    closed = kept.read_text("utf-8").replace('tue = ["00:00-24:00"]', 'tue = ["12:00-18:00"]')
    kept.write_text(closed.replace('tue = ["08:00-18:00"]', 'tue = ["12:00-18:00"]'), "utf-8")

    look = looked_at(lea, visit)

    assert "Termine außerhalb: 1" in words_of(look) and not look.select("main [type=submit]")


@pytest.mark.parametrize("broken", [b"minutes = \xff", b"no toml", b'[[site]]\nid = "x"\n'])
def test_a_text_that_is_wrong_by_now_is_told_and_can_not_be_saved(
    office: Office, lea: FlaskClient, visit: Visit, broken: bytes
) -> None:
    save(office, SetKey(KFZ, "minutes", 12))
    path: Path = settings(office).path
    (kept,) = path.parent.glob("*.bak")
    kept.write_bytes(broken)
    stamp = kept.name.removeprefix("config.toml.").removesuffix(".bak")

    visit(lea, PAGE)
    look = visit(lea, f"{PAGE}?at={stamp}", status=422)

    assert str(path.parent) not in str(look) and not look.select("main [type=submit]")


@pytest.mark.parametrize("at", ["../../etc/passwd", "%00", "2026-01-01T000000.000000", "*"])
def test_only_a_kept_text_is_found(lea: FlaskClient, visit: Visit, at: str) -> None:
    visit(lea, f"{PAGE}?at={at}", status=404)
    assert lea.post(PAGE, data={"at": at}).status_code == 404
    assert lea.post(PAGE, data={}).status_code == 422
