"""config.toml as the office edits it: typed changes in, the same text with only those changes out.

Nothing else in the file moves by a byte: comments, order and empty lines stay. What comes out is
read again, and refused when it does not say exactly what was meant.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from queue_server.settings.editing.changes import AddTable as AddTable
from queue_server.settings.editing.changes import Change as Change
from queue_server.settings.editing.changes import NotEditable as NotEditable
from queue_server.settings.editing.changes import OrderTables as OrderTables
from queue_server.settings.editing.changes import Place as Place
from queue_server.settings.editing.changes import RemoveTable as RemoveTable
from queue_server.settings.editing.changes import SetKey as SetKey
from queue_server.settings.editing.changes import meant
from queue_server.settings.editing.splicing import spliced
from queue_server.settings.load import BYTE_ORDER_MARK


def edited(text: str, changes: Sequence[Change]) -> str:
    """The text with these changes, one after the other.

    Raises `NotEditable` for a place that there is not, or that is written in a way that only a
    person can change.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    text = text.removeprefix(mark)
    raw = tomllib.loads(text)
    for change in changes:
        wanted = meant(raw, change)
        try:
            text = spliced(text, raw, change)
            raw = tomllib.loads(text)
        except ValueError:
            # A sign that TOML has no way to write, such as a NUL.
            raise NotEditable(change.table) from None
        if raw != wanted:
            raise NotEditable(change.table)
    return mark + text
