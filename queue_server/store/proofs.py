"""Proofs of work that were spent, so that none is good twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.errors import BadProof
from queue_server.store.database import Transaction, milliseconds


@dataclass(frozen=True, slots=True)
class Proof:
    """A solved challenge whose signature and age were checked at the door."""

    challenge: str
    expires_at: datetime


def spend(tx: Transaction, proof: Proof) -> None:
    """Once only; with the transaction it is given back, too. Raises `BadProof`."""
    done = tx.write(
        """INSERT INTO proofs (challenge, expires_at) VALUES (:challenge, :expires_at)
           ON CONFLICT (challenge) DO NOTHING""",
        {"challenge": proof.challenge, "expires_at": milliseconds(proof.expires_at)},
    )
    if done != 1:
        raise BadProof()


def sweep(tx: Transaction, now: datetime) -> int:
    """Forget proofs that have expired anyway; returns how many."""
    return tx.write("DELETE FROM proofs WHERE expires_at <= :now", {"now": milliseconds(now)})
