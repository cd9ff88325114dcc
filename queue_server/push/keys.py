"""The key by which push services know this office (VAPID), made when push is first on.

It stands in the database and not in a file of its own: both are readable by their owner alone, a
backup that is restored still fits the phones it knows, and several servers on one database sign
with the same key. Whoever has it could only send to phones whose addresses stand beside it.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from queue_server.store import marks
from queue_server.store.database import NO_SITE
from queue_server.store.transaction import Store

MARK = "push_key"
KEY_BYTES = 32
# Push services refuse more than a day.
SIGNED_FOR = timedelta(hours=12)


def make(store: Store) -> None:
    """See to it that there is a key; cheap when there is one."""
    _private(store)


def public_key(store: Store) -> str:
    """What browsers ask for as `applicationServerKey`: base64url of an uncompressed point."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = _signer(store).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return encoded(point)


def signed(store: Store, origin: str, contact: str, now: datetime) -> dict[str, str]:
    """The headers that tell the push service at this origin who sends."""
    until = int((now + SIGNED_FOR).timestamp())
    claims = {"aud": origin, "sub": f"mailto:{contact}", "exp": until}
    headers: dict[str, str] = _signer(store).sign(claims)
    return headers


def encoded(value: bytes) -> str:
    """base64url without padding, as everywhere in web push."""
    return urlsafe_b64encode(value).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signer(store: Store) -> Any:
    # Imported late: it costs an office without push neither time nor memory.
    from py_vapid import Vapid02

    return Vapid02.from_raw(_private(store).encode())


def _private(store: Store) -> str:
    with store.snapshot() as snapshot:
        kept = marks.get(snapshot, MARK)
    if kept:
        return kept
    made = _made()
    with store.transaction(NO_SITE) as tx:
        # Another server may have been quicker; then its key is the one.
        return marks.put_once(tx, MARK, made)


def _made() -> str:
    from cryptography.hazmat.primitives.asymmetric import ec

    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return encoded(number.to_bytes(KEY_BYTES, "big"))
