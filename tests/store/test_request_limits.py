"""A proof of work is good once, and an address gets so many letters a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.errors import BadProof
from queue_server.store import request_limits
from queue_server.store.request_limits import Proof

A_MOMENT = timedelta(milliseconds=1)


def spend(town, proof):
    with town.store.transaction() as tx:
        request_limits.spend_proof(tx, proof)


def sweep(town, now):
    with town.store.transaction() as tx:
        return request_limits.sweep_proofs(tx, now)


def test_a_proof_is_spent_once_and_kept_until_it_expires(town):
    proof, later = Proof("a", town.now + A_MOMENT), Proof("b", town.now + 2 * A_MOMENT)
    for one in (proof, later):
        spend(town, one)

    assert sweep(town, town.now) == 0
    with pytest.raises(BadProof):
        spend(town, proof)
    assert sweep(town, proof.expires_at) == 1
    with pytest.raises(BadProof):
        spend(town, later)


def may_be_sent(town, letter, email="a@example.org", most=1):
    with town.store.transaction() as tx:
        return request_limits.may_be_sent(tx, letter, email, most, town.now)


def test_a_letter_that_is_tried_again_is_the_same_letter(town):
    assert may_be_sent(town, 1) and may_be_sent(town, 1)
    assert may_be_sent(town, 2, most=2)


def test_an_address_gets_so_many_letters_in_a_day_and_then_more(town):
    assert may_be_sent(town, 1)
    assert not may_be_sent(town, 2, "A+tag@example.org") and may_be_sent(town, 3, "b@example.org")
    town.now += request_limits.DAY - A_MOMENT
    assert not may_be_sent(town, 2)
    town.now += A_MOMENT

    assert may_be_sent(town, 2)


def test_what_was_counted_is_forgotten_after_a_day_and_no_sooner(town):
    may_be_sent(town, 1)

    def sweep_unasked(now):
        with town.store.transaction() as tx:
            return request_limits.sweep_unasked(tx, now)

    assert sweep_unasked(town.now + request_limits.DAY - A_MOMENT) == 0
    assert sweep_unasked(town.now + request_limits.DAY) == 1
