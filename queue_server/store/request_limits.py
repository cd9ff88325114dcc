"""What is good once, or a few times a day: proofs of work, letters to strangers."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.errors import BadProof
from queue_server.store import marks
from queue_server.store.database import Connection, milliseconds, the_value


@dataclass(frozen=True, slots=True)
class Proof:
    """A solved challenge whose signature and age have been checked."""

    challenge: str
    expires_at: datetime


def spend_proof(tx: Connection, proof: Proof) -> None:
    """Good once; a rollback of the transaction gives it back. Raises `BadProof`."""
    done = tx.write(
        """INSERT INTO proofs (challenge, expires_at) VALUES (:challenge, :expires_at)
           ON CONFLICT (challenge) DO NOTHING""",
        {"challenge": proof.challenge, "expires_at": milliseconds(proof.expires_at)},
    )
    if done != 1:
        raise BadProof()


def sweep_proofs(tx: Connection, now: datetime) -> int:
    """Forget proofs that have expired anyway; returns how many."""
    return tx.write("DELETE FROM proofs WHERE expires_at <= :now", {"now": milliseconds(now)})


DAY = timedelta(days=1)


def may_be_sent(tx: Connection, letter: int, email: str, most: int, now: datetime) -> bool:
    """Count this letter once, unless so many went to its address in the last day."""
    address = _hash(marks.secret(tx, "address_secret"), email)
    known = tx.row("SELECT letter FROM unasked_letters WHERE letter = :letter", {"letter": letter})
    if known is not None:
        return True
    sent = the_value(
        tx,
        """SELECT COUNT(*) AS found FROM unasked_letters
           WHERE address = :address AND sent_at > :since""",
        {"address": address, "since": milliseconds(now - DAY)},
    )
    if (sent or 0) >= most:
        return False
    tx.write(
        "INSERT INTO unasked_letters (letter, address, sent_at) VALUES (:letter, :address, :now)",
        {"letter": letter, "address": address, "now": milliseconds(now)},
    )
    return True


def sweep_unasked(tx: Connection, now: datetime) -> int:
    """Forget what was sent more than a day ago; returns how many."""
    return tx.write(
        "DELETE FROM unasked_letters WHERE sent_at <= :before", {"before": milliseconds(now - DAY)}
    )


def _hash(secret: str, email: str) -> str:
    """Of the mailbox: neither capitals nor what stands behind a plus make another one."""
    name, _, domain = email.strip().lower().rpartition("@")
    mailbox = f"{name.partition('+')[0]}@{domain}"
    return hmac.new(secret.encode(), mailbox.encode(), hashlib.sha256).hexdigest()
