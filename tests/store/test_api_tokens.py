"""Tokens of programs: a hash, an actor, and an end."""

from __future__ import annotations

import pytest

from queue_server.actions import desks, staff, tokens
from queue_server.domain.errors import AlreadyExists, BadRequest, NotFound, WrongPassword
from queue_server.domain.events import TokenChanged
from queue_server.store import api_tokens, identities
from tests.town import Town


def test_a_token_is_given_out_once_and_nowhere_kept(town: Town) -> None:
    secret = tokens.add(town.store, "Akte", "rathaus", "clerk", now=town.now)

    assert secret.startswith("aufruf_") and len(secret) > 25
    with town.store.snapshot() as snapshot:
        (row,) = snapshot.rows("SELECT * FROM api_tokens")
        assert secret not in [row[key] for key in row.keys()]  # noqa: SIM118
        found = api_tokens.by_secret(snapshot, secret)
        assert api_tokens.by_secret(snapshot, secret + "x") is None
    assert found is not None
    assert (found.name, found.scope, found.site) == ("Akte", "clerk", "rathaus")


def test_nobody_signs_in_as_a_program_and_no_clerk_takes_its_place(town: Town) -> None:
    tokens.add(town.store, "Akte", "rathaus", "lead", now=town.now)
    name = "Akte (Programm 1)"

    with town.store.snapshot() as snapshot:
        assert name in identities.clerk_names(snapshot, "rathaus").values()
        assert identities.clerk_named(snapshot, name) is None
    with pytest.raises(WrongPassword):
        staff.check_password(town.store, name, "")
    with pytest.raises(AlreadyExists):
        staff.add_clerk(town.store, name, "nordend", "admin", "hash", now=town.now)


def test_a_revoked_token_is_nobody_and_its_name_is_free_again(town: Town) -> None:
    old = tokens.add(town.store, "Akte", "rathaus", "kiosk", now=town.now)
    with pytest.raises(AlreadyExists):
        tokens.add(town.store, "Akte", "rathaus", "read", now=town.now)
    tokens.revoke(town.store, "Akte", now=town.now)
    with pytest.raises(NotFound):
        tokens.revoke(town.store, "Akte", now=town.now)
    new = tokens.add(town.store, "Akte", "rathaus", "read", now=town.now)

    with town.store.snapshot() as snapshot:
        assert api_tokens.by_secret(snapshot, old) is None
        found = api_tokens.by_secret(snapshot, new)
        assert [each.scope for each in api_tokens.of_site(snapshot)] == ["read"]
        assert api_tokens.of_site(snapshot, "nordend") == []
    assert found is not None and found.seen_at is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\nb"])
def test_a_name_is_one_line_that_can_be_read(town: Town, name: str) -> None:
    with pytest.raises(BadRequest):
        tokens.add(town.store, name, "rathaus", "read", now=town.now)


@pytest.mark.parametrize("scope", ["read", "clerk", "lead", "kiosk"])
def test_only_a_program_at_a_kiosk_is_nobody_in_the_journal(town: Town, scope: str) -> None:
    secret = tokens.add(town.store, "Akte", "rathaus", scope, now=town.now)

    with town.store.snapshot() as snapshot:
        found = api_tokens.by_secret(snapshot, secret)
    assert found is not None
    actor = found.clerk and (found.clerk.name, found.clerk.site, found.clerk.role)
    role = {"read": "clerk", "clerk": "clerk", "lead": "lead"}.get(scope)
    assert actor == (role and ("Akte (Programm 1)", "rathaus", role))


def test_what_a_program_may_is_in_the_journal_by_its_id_and_its_counter_closes(town: Town) -> None:
    secret = tokens.add(town.store, "Akte", "rathaus", "clerk", now=town.now)
    with town.store.snapshot() as snapshot:
        program = api_tokens.by_secret(snapshot, secret)
    assert program is not None and program.clerk is not None
    desks.open_counter(town.store, town.site(), "schalter-1", program.clerk, now=town.now)

    tokens.revoke(town.store, "Akte", now=town.now)

    told = [each for each in town.journal() if isinstance(each, TokenChanged)]
    assert [(each.program, each.change, each.scope) for each in told] == [
        (program.id, "added", "clerk"),
        (program.id, "revoked", "clerk"),
    ]
    assert "Akte" not in str([each.data() for each in told]) and {e.clerk for e in told} == {None}
    assert "CounterClosed" in town.happened()
    with town.store.snapshot() as snapshot:
        assert api_tokens.names(snapshot, "rathaus") == {program.id: "Akte"}
        assert api_tokens.names(snapshot, "nordend") == {}
