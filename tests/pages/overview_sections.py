"""What stands in one section of the office's overview."""

from __future__ import annotations

from bs4 import BeautifulSoup

SECTIONS = {
    "letters": "letters-title", "days": "days-title", "special": "special-title",
    "devices": "devices-title", "kept": "kept-title", "backups": "backups-title",
}  # fmt: skip


def section(page: BeautifulSoup, name: str) -> str:
    found = page.select_one(f"[aria-labelledby={SECTIONS[name]}]")
    assert found is not None
    return " ".join(found.get_text(" ").split())
