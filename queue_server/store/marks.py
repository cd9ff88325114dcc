"""Small facts that the house keeps for itself, by name."""

from __future__ import annotations

import secrets

from queue_server.store.database import Reader, Transaction

SECRET_BYTES = 32


def get(reader: Reader, name: str) -> str | None:
    row = reader.row("SELECT value FROM marks WHERE name = :name", {"name": name})
    return row["value"] if row else None


def put(tx: Transaction, name: str, value: str) -> None:
    tx.write(
        """INSERT INTO marks (name, value) VALUES (:name, :value)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
        {"name": name, "value": value},
    )


def secret(tx: Transaction, name: str) -> str:
    """A random secret of the house, made when it is first asked for."""
    tx.write(
        """INSERT INTO marks (name, value) VALUES (:name, :value)
           ON CONFLICT (name) DO NOTHING""",
        {"name": name, "value": secrets.token_hex(SECRET_BYTES)},
    )
    return get(tx, name) or ""
