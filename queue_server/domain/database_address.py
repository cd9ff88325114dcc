"""Addresses of databases as `database.url` gives them, and what of them may be shown."""

from __future__ import annotations

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")


def is_postgres(url: str) -> bool:
    return url.startswith(POSTGRES)


def place_of(url: str) -> str:
    """Where the database is, without user, password and options: for people and logs."""
    if not is_postgres(url):
        return url.removeprefix(SQLITE)
    server, slash, name = url.partition("://")[2].partition("?")[0].rpartition("/")
    return f"postgresql://{server.rpartition('@')[2]}{slash}{name}"
