"""No address appears or vanishes unnoticed: all of them are reviewed as text in `routes.txt`.

`AUFRUF_WRITE_ROUTES=1 pytest tests/test_routes.py` writes the list anew.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.office import Office

LIST = Path(__file__).with_name("routes.txt")
ALWAYS = {"HEAD", "OPTIONS"}


def test_the_addresses_are_the_reviewed_ones(office: Office) -> None:
    rules = office.app.url_map.iter_rules()
    lines = sorted(f"{rule.rule}  {' '.join(sorted(rule.methods - ALWAYS))}" for rule in rules)
    found = "\n".join(lines) + "\n"
    if os.environ.get("AUFRUF_WRITE_ROUTES"):
        LIST.write_text(found)

    assert found == LIST.read_text()


def test_nothing_is_changed_by_following_a_link(office: Office) -> None:
    """State changes only by POST, PUT and DELETE: mail scanners follow links."""
    for rule in office.app.url_map.iter_rules():
        if "GET" in rule.methods:
            assert rule.methods <= {"GET", *ALWAYS}, rule
