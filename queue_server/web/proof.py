"""Proof of work instead of picture puzzles: a second of a processor for each booking.

The format is ALTCHA's: find the number whose hash with the salt is the challenge. Nothing is kept
until a proof is spent; a signature shows that the challenge is ours, and its salt when it ends.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from queue_server.domain.errors import BadProof
from queue_server.store.request_limits import Proof

ALGORITHM = "SHA-256"
GOOD_FOR = timedelta(minutes=10)
LONGEST_ANSWER = 2000
MOST_WORK = 10_000_000
MOST_TIMES = 16
# The sign at the end keeps the salt apart from the number behind it: without it, digits could be
# shifted from one to the other, and the end with them, while the hash stays the same.
SALT = re.compile(r"[0-9a-f]{24}\?expires=([0-9]{10})&")
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a browser works on: numbers from 0 to `maxnumber` are tried behind the salt."""

    algorithm: str
    challenge: str
    salt: str
    maxnumber: int
    signature: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def work(usual: int, overload: float) -> int:
    """How much work a challenge is: more, the more were asked for lately, up to sixteenfold.

    `overload` is 0 for usual demand and 1 for twice as much.
    """
    return min(int(usual * min(1 + overload, MOST_TIMES)), MOST_WORK)


def new_challenge(secret: str, work: int, now: datetime) -> Challenge:
    """A challenge of up to `work` hashes, good for ten minutes."""
    ends = int((now + GOOD_FOR).timestamp())
    salt = f"{secrets.token_hex(12)}?expires={ends}&"
    challenge = _hash(salt, secrets.randbelow(work + 1))
    return Challenge(ALGORITHM, challenge, salt, work, _signature(secret, challenge))


def checked(secret: str, answer: str, now: datetime) -> Proof:
    """The proof in a base64 answer. Raises `BadProof`; whether it is spent, the database knows."""
    said = _read(answer)
    challenge, signature = (_shaped(HASH, said.get(key))[0] for key in ("challenge", "signature"))
    salt = _shaped(SALT, said.get("salt"))
    if said.get("algorithm") != ALGORITHM:
        raise BadProof()
    ends = datetime.fromtimestamp(int(salt[1]), UTC)
    is_ours = _same(_signature(secret, challenge), signature)
    is_solved = _same(_hash(salt[0], _number(said.get("number"))), challenge)
    if not (is_ours and is_solved and now < ends):
        raise BadProof()
    return Proof(challenge, ends)


def _read(answer: str) -> dict[str, Any]:
    try:
        if len(answer) > LONGEST_ANSWER:
            raise BadProof()
        said = json.loads(base64.b64decode(answer, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise BadProof() from None
    if not isinstance(said, dict):
        raise BadProof()
    return said


def _shaped(form: re.Pattern[str], value: Any) -> re.Match[str]:
    # Also keeps out what no text can be made of bytes from, such as half a sign.
    found = form.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadProof()
    return found


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MOST_WORK:
        raise BadProof()
    return value


def _hash(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _signature(secret: str, challenge: str) -> str:
    return hmac.new(secret.encode(), challenge.encode(), hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
