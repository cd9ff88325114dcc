"""Templates in the form in which Python runs them, kept beside the database between two starts.

Nothing depends on them: what is missing, damaged, of another version or cannot be written is
compiled from the template, as if nobody had kept anything.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from queue_server.store.files import FOR_OTHERS, make_file, make_folder
from queue_server.version import VERSION

FOLDER = "templates"
DIGEST = hashlib.sha256
DIGEST_BYTES = DIGEST().digest_size


class KeptTemplates(BytecodeCache):
    """A file a template in a folder of this version; the folders of others are deleted."""

    def __init__(self, data_dir: Path, options: Sequence[object]) -> None:
        self._all = data_dir / FOLDER
        jinja = importlib.metadata.version("jinja2")
        marks = (VERSION, jinja, sys.version, sys.implementation.cache_tag, *options)
        self._here = self._all / DIGEST(repr(marks).encode()).hexdigest()[:16]

    def load_bytecode(self, bucket: Bucket) -> None:
        """Leaves the bucket empty unless the file holds what was written."""
        with suppress(Exception):
            kept = _own(self._file(bucket))
            digest, code = kept[:DIGEST_BYTES], kept[DIGEST_BYTES:]
            if DIGEST(code).digest() == digest:
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Writes beside the file and renames, so that nobody reads a half."""
        code = bucket.bytecode_to_string()
        with suppress(OSError):
            self._make_room()
            file = self._file(bucket)
            fresh = file.with_suffix(f".{os.getpid()}")
            make_file(fresh)
            fresh.write_bytes(DIGEST(code).digest() + code)
            fresh.replace(file)

    def _file(self, bucket: Bucket) -> Path:
        return self._here / f"{bucket.key}.code"

    def _make_room(self) -> None:
        if self._here.is_dir():
            return
        make_folder(self._all)
        for other in self._all.iterdir():
            shutil.rmtree(other, ignore_errors=True)
        make_folder(self._here)


def _own(file: Path) -> bytes:
    """The file's content; it is run, so nothing unless this account alone can have written it."""
    with file.open("rb") as kept:
        about = os.fstat(kept.fileno())
        is_ours = about.st_uid == os.geteuid() and not about.st_mode & FOR_OTHERS
        return kept.read() if is_ours else b""
