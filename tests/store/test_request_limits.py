"""A repeated request finds the ticket that it made, for a while; a proof of work is good once."""

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


def ticket_of(town, key, site="rathaus"):
    with town.store.snapshot() as snapshot:
        found = request_limits.ticket_of_key(snapshot, site, key)
    return found and found.id


def test_a_key_finds_the_ticket_it_made_and_nobody_elses(town):
    who, other = town.draw(key="one"), town.draw(key="other")

    assert (ticket_of(town, "one"), ticket_of(town, "other")) == (who.id, other.id)
    assert ticket_of(town, "one", "nordend") is None and ticket_of(town, "none") is None


def test_the_same_key_at_two_sites_makes_two_tickets(town):
    here, there = town.draw(key="one"), town.draw(key="one", site="nordend")

    assert (ticket_of(town, "one"), ticket_of(town, "one", "nordend")) == (here.id, there.id)


def test_a_key_is_forgotten_after_its_moment_and_not_at_it(town):
    who, drawn_at = town.draw(key="one"), town.now

    with town.store.transaction() as tx:
        request_limits.forget_keys(tx, drawn_at)
    assert ticket_of(town, "one") == who.id
    with town.store.transaction() as tx:
        request_limits.forget_keys(tx, drawn_at + timedelta(milliseconds=1))
    assert ticket_of(town, "one") is None


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
