"""`aufruf token` gives rights to programs; `aufruf check` knocks at receivers of webhooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Aufruf, printed, refused
from tests.office import free_port
from tests.receiver import HookReceiver

ADD = ("token", "add", "Akte", "--site", "rathaus", "--scope")


def test_a_token_stands_alone_on_stdout_and_in_no_list(aufruf: Aufruf) -> None:
    secret = printed(aufruf(*ADD, "read"))

    assert secret.startswith("aufruf_") and len(secret.split()) == 1
    assert printed(aufruf("token", "list")) == "rathaus\tread\tAkte\tunused"


def test_a_revoked_token_leaves_the_list_and_can_not_be_revoked_twice(aufruf: Aufruf) -> None:
    printed(aufruf(*ADD, "clerk"))

    assert printed(aufruf("token", "revoke", "Akte")) == "Akte: revoked."
    assert "Akte" in refused(aufruf("token", "revoke", "Akte"))
    assert printed(aufruf("token", "list")) == ""


def test_a_name_is_given_once_and_only_at_a_site_that_there_is(aufruf: Aufruf) -> None:
    printed(aufruf(*ADD, "kiosk"))

    assert "Akte" in refused(aufruf(*ADD, "lead"))
    elsewhere = ("token", "add", "Foyer", "--site", "mond", "--scope", "read")
    assert "mond" in refused(aufruf(*elsewhere))


@pytest.mark.parametrize("words", [(), ("admin",)])
def test_a_scope_is_never_guessed(aufruf: Aufruf, words: tuple[str, ...]) -> None:
    more = ("--scope", *words) if words else ()

    result = aufruf("token", "add", "Akte", "--site", "rathaus", *more)

    assert result.exit_code == 2 and "--scope" in result.stderr


def test_checking_knocks_at_receivers_and_tells_them_nothing(
    aufruf: Aufruf, tmp_path: Path
) -> None:
    receiver = HookReceiver()
    config = tmp_path / "config.toml"
    hook = '\n[[webhook]]\nurl = "{}"\nsecret = "kurz"\nname = "Akte"\n'
    office = config.read_text()
    config.write_text(office + hook.format(receiver.url))
    there = aufruf("check")
    config.write_text(office + hook.format(f"http://127.0.0.1:{free_port()}/"))
    gone = aufruf("check")
    receiver.close()

    assert there.exit_code == 0 and receiver.requests == []
    assert "webhook Akte: its secret is short" in there.stderr
    assert refused(gone) == "webhook Akte: can't be reached"
    for result in (there, gone):
        assert 'kurz"' not in result.output and "geheimer-pfad" not in result.output
