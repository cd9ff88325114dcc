"""`aufruf clerk …` and `aufruf device …`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from queue_server.actions import staff
from queue_server.app import open_store
from queue_server.domain import events
from queue_server.domain.codes import parse_code
from queue_server.domain.errors import WrongPassword
from queue_server.settings import load_settings
from queue_server.store import identities, journal
from queue_server.store.identities import Clerk
from tests.commands.conftest import Aufruf, printed, refused

PASSWORD = "lang-genug-123"
DORA = ("clerk", "add", "Dora", "--site", "rathaus", "--password-stdin")


def who_signs_in(folder: Path, name: str, password: str) -> Clerk | None:
    store = open_store(load_settings(folder / "config.toml", {}))
    try:
        return staff.check_password(store, name, password)
    except WrongPassword:
        return None
    finally:
        store.close()


def test_a_new_clerk_signs_in_at_her_site(aufruf: Aufruf, tmp_path: Path) -> None:
    said = printed(aufruf(*DORA, "--role", "lead", input=PASSWORD + "\n"))

    dora = who_signs_in(tmp_path, "Dora", PASSWORD)
    assert dora is not None and (dora.site, dora.role) == ("rathaus", "lead")
    assert "Dora" in said and PASSWORD not in said


def test_a_password_may_be_typed_twice_instead(aufruf: Aufruf, tmp_path: Path) -> None:
    said = printed(aufruf(*DORA[:-1], input=f"{PASSWORD}\n{PASSWORD}\n"))

    assert who_signs_in(tmp_path, "Dora", PASSWORD) is not None
    assert PASSWORD not in said


def test_a_name_is_given_once_only(aufruf: Aufruf) -> None:
    printed(aufruf(*DORA, input=PASSWORD))

    assert "already exists" in refused(aufruf(*DORA, input=PASSWORD))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "name: missing"),
        ("D" * 61, "name: too long, 60 is the limit"),
        (" Dora", "name: format"),
        ("Do\x07ra", "name: format"),
    ],
)
def test_a_name_that_nobody_can_sign_in_with_is_refused(
    aufruf: Aufruf, name: str, says: str
) -> None:
    words = ("clerk", "add", name, "--site", "rathaus", "--password-stdin")

    assert says in refused(aufruf(*words, input=PASSWORD))


def test_a_password_that_is_no_text_is_refused(aufruf: Aufruf) -> None:
    assert "expected text in UTF-8" in refused(aufruf(*DORA, input=b"\xff\xfe lang genug\n"))


def test_a_short_password_is_refused_with_the_limit(aufruf: Aufruf, tmp_path: Path) -> None:
    said = refused(aufruf(*DORA, input="short\n"))

    assert "password: too short, 10 is the limit" in said
    assert who_signs_in(tmp_path, "Dora", "short") is None


def test_a_clerk_of_an_unknown_site_is_refused(aufruf: Aufruf) -> None:
    assert "not found" in refused(aufruf("clerk", "add", "Dora", "--site", "atlantis",
                                         "--password-stdin", input=PASSWORD))  # fmt: skip


def test_a_new_password_replaces_the_old_one(aufruf: Aufruf, tmp_path: Path) -> None:
    printed(aufruf(*DORA, input=PASSWORD))
    printed(aufruf("clerk", "password", "Dora", "--password-stdin", input="noch-laenger-1\n"))

    assert who_signs_in(tmp_path, "Dora", PASSWORD) is None
    assert who_signs_in(tmp_path, "Dora", "noch-laenger-1") is not None


def test_a_removed_clerk_signs_in_no_more_and_may_come_back(aufruf: Aufruf, tmp_path: Path) -> None:
    printed(aufruf(*DORA, input=PASSWORD))
    printed(aufruf("clerk", "remove", "Dora"))
    assert who_signs_in(tmp_path, "Dora", PASSWORD) is None

    printed(aufruf("clerk", "add", "Dora", "--site", "nordend", "--password-stdin", input=PASSWORD))
    dora = who_signs_in(tmp_path, "Dora", PASSWORD)
    assert dora is not None and dora.site == "nordend"


@pytest.mark.parametrize("verb", ["password", "remove"])
def test_an_unknown_clerk_is_refused_by_name(aufruf: Aufruf, verb: str) -> None:
    options = ("--password-stdin",) if verb == "password" else ()

    said = refused(aufruf("clerk", verb, "Nobody", *options, input=PASSWORD))

    assert "not found" in said and "Nobody" in said


def test_a_pairing_code_stands_alone_on_stdout(aufruf: Aufruf) -> None:
    result = aufruf("device", "add", "kiosk", "eingang")

    assert re.fullmatch(r"\S{3}-\S{3}-\S{3}\n", result.stdout)
    assert result.stderr == "" and parse_code(result.stdout) is not None


def test_a_device_that_is_not_configured_is_refused(aufruf: Aufruf) -> None:
    assert "not found" in refused(aufruf("device", "add", "kiosk", "wand"))
    assert "not found" in refused(aufruf("device", "add", "display", "eingang"))


def test_the_list_shows_who_waits_for_pairing_but_never_a_code(aufruf: Aufruf) -> None:
    before = datetime.now(UTC)
    code = printed(aufruf("device", "add", "display", "wand"))
    after = datetime.now(UTC)

    said = printed(aufruf("device", "list"))

    days = {f"{made + timedelta(days=7):%Y-%m-%d}" for made in (before, after)}
    assert said in {f"rathaus\tdisplay\twand\twaits for pairing until {day}" for day in days}
    assert code not in said


def test_the_list_says_that_a_code_has_expired_and_how_a_new_one_is_made(
    aufruf: Aufruf, tmp_path: Path
) -> None:
    store = open_store(load_settings(tmp_path / "config.toml", {}))
    eight_days_ago = datetime.now(UTC) - timedelta(days=8)
    staff.expect_device(store, "display", "rathaus", "wand", now=eight_days_ago)
    store.close()

    said = printed(aufruf("device", "list"))

    assert said.endswith("code expired; `aufruf device add display wand` prints a new one")


def test_a_revoked_device_leaves_the_list_and_can_not_be_revoked_twice(aufruf: Aufruf) -> None:
    printed(aufruf("device", "add", "display", "wand"))

    printed(aufruf("device", "revoke", "wand"))

    assert printed(aufruf("device", "list")) == ""
    assert "nothing to revoke" in refused(aufruf("device", "revoke", "wand"))


def test_what_is_typed_is_in_the_journal_like_what_is_done_on_the_pages(
    aufruf: Aufruf, tmp_path: Path
) -> None:
    printed(aufruf(*DORA, input=PASSWORD))
    printed(aufruf("clerk", "password", "Dora", "--password-stdin", input="noch-laenger-1\n"))
    printed(aufruf("clerk", "remove", "Dora"))
    printed(aufruf("device", "add", "display", "wand"))
    printed(aufruf("device", "revoke", "wand"))
    refused(aufruf("device", "revoke", "wand"))

    store = open_store(load_settings(tmp_path / "config.toml", {}))
    with store.snapshot() as snapshot:
        names = identities.clerk_names(snapshot, "rathaus")
        told = list(journal.events(snapshot, "rathaus"))
    store.close()
    staff_told = [each for each in told if isinstance(each, events.StaffChanged)]
    device_told = [each for each in told if isinstance(each, events.DeviceChanged)]
    assert [each.change for each in staff_told] == ["added", "password", "removed"]
    assert [each.change for each in device_told] == ["expected", "revoked"]
    assert {each.clerk for each in told} == {None} and len(told) == 5
    assert {names[each.about] for each in staff_told} == {"Dora"}
    assert "Dora" not in str([each.data() for each in told])


@pytest.mark.parametrize(
    "words",
    [
        ("device", "add", "desk", "eingang"),
        ("device", "add", "kiosk"),
        ("clerk", "add", "Dora"),
        ("clerk", "add", "Dora", "--site", "rathaus", "--role", "king"),
        ("clerk", "hire"),
        ("fly",),
        ("migrate", "--fast"),
        ("export", "--site", "rathaus", "--format", "xml"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(aufruf: Aufruf, words: tuple[str, ...]) -> None:
    result = aufruf(*words)

    assert result.exit_code == 2 and "Usage: aufruf" in result.stderr and result.stdout == ""


@pytest.mark.parametrize("words", [("device", "list"), ("migrate",), ("check",), ("forget",)])
def test_a_wrong_configuration_is_refused_by_every_verb(
    aufruf: Aufruf, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "config.toml").write_text("[server]\nprot = 1\n")

    assert 'unknown key "prot"' in refused(aufruf(*words))


def test_another_configuration_may_be_named(aufruf: Aufruf, tmp_path: Path) -> None:
    (tmp_path / "config.toml").rename(tmp_path / "other.toml")

    assert "config.toml" in refused(aufruf("device", "list"))
    assert printed(aufruf("device", "list", "--config", "other.toml")) == ""
