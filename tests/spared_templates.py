"""Templates that every office of the tests would compile again, compiled once a process."""

from __future__ import annotations

from typing import Any

from jinja2.bccache import Bucket

import queue_server.app
from queue_server.web.template_files import KeptTemplates


class SparedTemplates(KeptTemplates):
    """What was compiled is handed on from application to application, and kept nowhere else."""

    _code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


queue_server.app.KeptTemplates = SparedTemplates  # type: ignore[misc]
