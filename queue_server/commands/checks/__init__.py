"""What `aufruf check` looks at, one module for each subject.

Every look yields remarks: sentences, each about one area of the office's machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

AREAS = ("config", "database", "backups", "disk", "clock", "mail", "push", "webhooks", "printers",
         "voice", "devices", "proxy", "walls", "legal")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about one of `AREAS`; whatever `is_wrong` has to be mended."""

    area: str
    text: str
    is_wrong: bool = False


def wrong(area: str, texts: Iterable[str]) -> list[Remark]:
    """What has to be mended."""
    return [Remark(area, text, is_wrong=True) for text in texts]


def noted(area: str, texts: Iterable[str]) -> list[Remark]:
    """What is good to know, and no mistake while things are tried out."""
    return [Remark(area, text) for text in texts]
