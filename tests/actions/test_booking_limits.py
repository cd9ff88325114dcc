"""What keeps bookings honest: one open booking for an address, and a proof of work good once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.appointment import CONFIRMED
from queue_server.domain.errors import BadKey, BadProof, BadRequest, SlotTaken
from queue_server.domain.site import BookingRules
from queue_server.store import marks, request_limits
from queue_server.store.request_limits import Proof
from tests.town import MONDAY, moment, open_store

PROOF = Proof("c0ffee", moment(MONDAY, "08:10"))


# -- open bookings of one address ----------------------------------------------------------


def can_be_confirmed(asked):
    """Whether there is a key; whoever books sees no difference."""
    return bool(asked.confirmation_key)


def test_an_address_has_one_open_booking(town):
    first = town.book("Kfz", at="09:30")

    second = town.book("Kfz", at="10:30")

    assert can_be_confirmed(first) and not can_be_confirmed(second)
    assert (second.state, second.expires_at) == (first.state, first.expires_at)


def test_a_booking_too_many_can_be_confirmed_with_no_key_and_ends_by_itself(town):
    town.book("Kfz", at="09:30")
    second = town.book("Kfz", at="10:30")

    for key in ("", second.token):
        with pytest.raises(BadKey):
            town.confirm(second, key)
    town.now = second.expires_at
    town.expire()

    assert town.held() == set()


def test_whoever_cancels_the_other_booking_gets_a_key_with_the_next_letter(town):
    first, second = town.book("Kfz", at="09:30"), town.book("Kfz", at="10:30")
    town.ask_again(second)
    assert not can_be_confirmed(town.appointment(second))
    town.cancel_booking(first)

    town.ask_again(second)

    assert town.confirm(town.appointment(second)).state is CONFIRMED


@pytest.mark.parametrize("same", ["YILMAZ@example.org", " Yilmaz@Example.ORG "])
def test_capital_letters_and_blanks_make_no_other_address(town, same):
    town.book("Kfz", at="09:30")

    assert not can_be_confirmed(town.book("Kfz", at="10:30", email=same))


def test_another_address_is_somebody_else(town):
    town.book("Kfz", at="09:30")

    assert can_be_confirmed(town.book("Kfz", at="10:30", email="yilmaz+2@example.org"))


def test_several_open_bookings_are_allowed_where_the_house_says_so(town):
    town.change(booking=BookingRules(open_per_address=2))
    town.book("Kfz", at="09:30")
    town.confirm(town.book("Kfz", at="10:00"))

    assert not can_be_confirmed(town.book("Kfz", at="10:30"))


def test_a_form_that_is_still_filled_in_counts_only_when_it_is_sent_off(town):
    first, second = town.reserve("Kfz", at="09:30"), town.reserve("Kfz", at="10:00")
    for held in (first, second):
        town.fill_in(held)
    town.send_off(first)

    assert not can_be_confirmed(town.send_off(second))


def test_an_expired_booking_does_not_count_even_before_the_house_has_tidied(town):
    asked = town.book("Kfz", at="10:30")
    town.now = asked.expires_at - timedelta(milliseconds=1)
    assert not can_be_confirmed(town.book("Kfz", at="11:00"))

    town.pass_time(milliseconds=1)

    assert can_be_confirmed(town.book("Kfz", at="11:30"))


def test_a_cancelled_booking_does_not_count(town):
    town.cancel_booking(town.confirm(town.book("Kfz", at="10:30")))

    assert can_be_confirmed(town.book("Kfz", at="11:30"))


def test_a_past_visit_does_not_count_and_the_one_of_this_minute_does(town):
    town.change(booking=BookingRules(lead_minutes=0))
    town.confirm(town.book("Kfz", at="08:10"))
    town.set_clock("08:29")
    assert not can_be_confirmed(town.book("Kfz", at="10:00"))

    town.set_clock("08:30")

    assert can_be_confirmed(town.book("Kfz", at="10:30"))


def test_the_other_site_counts_for_itself(town):
    town.book("Kfz", at="09:30")

    assert can_be_confirmed(town.book("Kfz", at="09:30", site="nordend"))


def test_what_a_clerk_books_for_somebody_counts_for_the_address(town):
    town.booked("Kfz", at="10:00", email="yilmaz@example.org")

    assert not can_be_confirmed(town.book("Kfz", at="11:00"))


# -- proofs of work --------------------------------------------------------------------------


def spent(town):
    with town.store.snapshot() as snapshot:
        return [row["challenge"] for row in snapshot.rows("SELECT challenge FROM proofs")]


def test_a_proof_is_good_once(town):
    town.reserve("Kfz", at="09:30", proof=PROOF)

    with pytest.raises(BadProof):
        town.reserve("Kfz", at="10:30", proof=PROOF)

    assert (spent(town), len(town.held())) == ([PROOF.challenge], 4)


def test_a_refused_booking_gives_its_proof_back(town):
    town.booked("Kfz", at="09:30")
    town.book("Kfz", at="10:00", email="other@example.org")

    with pytest.raises(SlotTaken):
        town.reserve("Kfz", at="09:30", proof=PROOF)
    with pytest.raises(BadRequest):
        town.book("Kfz", at="11:00", email="nobody", proof=PROOF)
    assert spent(town) == []

    assert town.reserve("Kfz", at="11:00", proof=PROOF)


def test_a_spent_proof_is_kept_until_it_has_ended_anyway(town):
    town.reserve("Kfz", at="09:30", proof=PROOF)
    town.now = PROOF.expires_at - timedelta(milliseconds=1)
    town.tidy_records()
    with pytest.raises(BadProof), town.store.transaction() as tx:
        request_limits.spend_proof(tx, PROOF)

    town.pass_time(milliseconds=1)
    town.tidy_records()

    assert spent(town) == []


# -- secrets -----------------------------------------------------------------------------------


def test_a_secret_of_the_house_stays_the_same_over_a_restart(tmp_path):
    told = []
    for _ in range(3):
        store = open_store(tmp_path / "office.db")
        with store.transaction() as tx:
            told.append((marks.secret(tx, "proof_secret"), marks.secret(tx, "another")))
        store.close()

    assert len(set(told)) == 1
    assert told[0][0] != told[0][1]
    assert all(len(secret) == 64 for secret in told[0])


def test_a_mark_is_what_was_written_last(town):
    with town.store.transaction() as tx:
        assert marks.get(tx, "letters") is None
        marks.put(tx, "letters", "1")
        marks.put(tx, "letters", "2")

    with town.store.snapshot() as snapshot:
        assert marks.get(snapshot, "letters") == "2"
