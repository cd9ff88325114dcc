"""A proof of work is good once."""

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
