"""What a server does again and again beside its requests, and what it says when that goes wrong."""

from __future__ import annotations

import logging

from queue_server.store.transaction import Store


def log_failure(store: Store, log: logging.Logger, message: str, *facts: object) -> None:
    """In an `except`: the next round may succeed, so this one is logged.

    A server that ends has closed its store under whatever was going on, which is no mistake.
    """
    if not store.is_closed:
        log.exception(message, *facts)
