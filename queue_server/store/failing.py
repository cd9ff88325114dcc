"""Writing fails: said once in the log, and once when it goes on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from queue_server.domain.errors import StorageFailed

log = logging.getLogger(__name__)


class FailingWriter:
    """What the writers of both engines know of their trouble.

    `is_failing` says that the last attempt to write met nothing that takes it.
    """

    is_failing = False

    @contextmanager
    def _failure_noted(self) -> Iterator[None]:
        try:
            yield
        except StorageFailed as trouble:
            if not self.is_failing:
                log.error("nothing can be written: %s", trouble.facts.get("reason"))
            self.is_failing = True
            raise

    def _said_to_go_on(self) -> None:
        if self.is_failing:
            self.is_failing = False
            log.warning("writing goes on")
