"""Phones of tickets as the database keeps them."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.domain.errors import MoveRefused
from queue_server.push import keys
from queue_server.store import marks, subscriptions
from queue_server.store.subscriptions import Known, PushAddress, Subscription
from tests.town import Town, Visitor

TO = PushAddress("https://push.example/a", "B", "C")
LONG_AGO = timedelta(days=1)


def put(town: Town, who: Visitor, to: PushAddress = TO, known: Known | None = None) -> None:
    with town.store.transaction() as tx:
        subscriptions.put(tx, who.id, to, "de", known or Known())


def called(town: Town) -> list[Subscription]:
    with town.store.snapshot() as snapshot:
        return subscriptions.called(snapshot, "rathaus", town.now, town.now - LONG_AGO)


def test_the_same_phone_again_is_one_row_that_knows_what_it_knew(town: Town) -> None:
    who = town.draw()
    put(town, who, known=Known(7, 2, is_soon=True))
    put(town, who, PushAddress(TO.endpoint, "new key", "new secret"))

    with town.store.snapshot() as snapshot:
        [row] = snapshot.rows("SELECT * FROM push_subscriptions")
    assert (row["p256dh"], row["auth"]) == ("new key", "new secret")
    assert (row["told_call"], row["told_times"], row["told_soon"]) == (7, 2, 1)


def test_a_claim_is_good_for_one_and_holds_until_its_time(town: Town) -> None:
    put(town, town.draw())
    town.call_next()
    [seen] = called(town)

    with town.store.transaction() as tx:
        assert subscriptions.claim(tx, seen, town.now + timedelta(seconds=60))
        assert not subscriptions.claim(tx, seen, town.now + timedelta(seconds=60))
    assert called(town) == []
    town.pass_time(seconds=60)

    [again] = called(town)
    assert (again.id, again.tries, again.to) == (seen.id, 1, TO)


def test_phones_of_another_site_and_of_people_who_wait_are_not_called(town: Town) -> None:
    put(town, town.draw())
    outsider = town.draw("Meldewesen", site="nordend")
    put(town, outsider)
    town.call_next("Platz 1")

    assert called(town) == []
    with town.store.snapshot() as snapshot:
        assert len(subscriptions.waiting(snapshot, "rathaus", town.now)) == 1
        assert subscriptions.count_of(snapshot, outsider.id) == 1
        assert subscriptions.count_of(snapshot, outsider.id + 1) == 0
        assert subscriptions.count(snapshot) == 2


def test_a_phone_that_knows_a_call_is_told_again_of_its_recall_and_of_the_next_call(
    town: Town,
) -> None:
    who = town.draw()
    put(town, who)

    def hear() -> bool:
        """Whether there is something to tell, which the phone then knows."""
        for phone in called(town):
            standing = town.ticket(who)
            with town.store.transaction() as tx:
                subscriptions.told_call(tx, phone.id, standing.call or 0, standing.calls)
            return True
        return False

    town.call_next()
    assert hear() and not hear()
    town.recall()
    assert hear() and not hear()
    town.release()
    town.call_next()
    assert hear() and not hear()


def test_a_phone_that_knows_that_it_is_soon_is_not_told_so_again(town: Town) -> None:
    put(town, town.draw())

    def waiting() -> list[Subscription]:
        with town.store.snapshot() as snapshot:
            return subscriptions.waiting(snapshot, "rathaus", town.now)

    (phone,) = waiting()
    with town.store.transaction() as tx:
        subscriptions.told_soon(tx, phone.id)

    assert waiting() == []


def test_a_visit_that_does_not_end_after_all_keeps_its_phone(town: Town) -> None:
    who = town.draw()
    put(town, who)
    town.call_next()
    town.arrive()
    with pytest.raises(MoveRefused):
        town.give_back(who)

    with town.store.snapshot() as snapshot:
        assert subscriptions.count(snapshot) == 1


@pytest.mark.sqlite
def test_no_byte_of_a_phone_is_left_in_the_files_after_the_visit(
    town: Town, tmp_path: Path
) -> None:
    who = town.draw()
    put(town, who, PushAddress("https://push.example/very-personal", "B", "C"))
    town.give_back(who)
    town.store.wipe()

    kept = b"".join(file.read_bytes() for file in tmp_path.glob("town.db*"))
    assert b"very-personal" not in kept


@pytest.mark.sqlite
def test_the_key_of_the_office_is_made_once_and_readable_by_its_owner_alone(
    town: Town, tmp_path: Path
) -> None:
    first = keys.public_key(town.store)
    keys.make(town.store)

    assert keys.public_key(town.store) == first and len(keys.decoded(first)) == 65
    with town.store.snapshot() as snapshot:
        secret = marks.get(snapshot, keys.MARK)
    assert secret and len(keys.decoded(secret)) == 32
    with town.store.transaction() as tx:
        assert marks.put_once(tx, keys.MARK, "another") == secret
    assert stat.S_IMODE((tmp_path / "town.db").stat().st_mode) == 0o600
