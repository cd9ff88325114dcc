"""How a site's desks work, as config.toml says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeskRules:
    """`file_url` is the template of a person's digital file; see `settings/file_link.py`."""

    file_url: str = ""
