"""Lines of config.toml for the eye: what is secret is not shown, wherever and however it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from queue_server.settings.lines import key_places
from queue_server.settings.schema import ConfigFile
from queue_server.settings.types import Table, is_secret

HIDDEN = '"…"'


def shown_lines(text: str) -> list[str]:
    """The lines of a valid TOML text, as many as there are, without the values of secret keys.

    A value that was commented out is hidden, too: it may be the old password.
    """
    for path, at in reversed(key_places(text).pairs.items()):
        value = text[at.value : at.end]
        if path[-1] in SECRETS or (value[:1] in ("[", "{") and NAMED.search(value)):
            # As many lines as before, so that each keeps its number.
            lines = "\n" * (len(f"{value}.".splitlines()) - 1)
            text = text[: at.value] + HIDDEN + lines + text[at.end :]
    return [NAMED.sub(rf"\1{HIDDEN}", line) for line in text.splitlines()]


def _secret_keys(table: type[Table] = ConfigFile) -> Iterator[str]:
    for name, field in table.known_keys().items():
        inner = table.table_of(name)
        if inner is not None:
            yield from _secret_keys(inner)
        elif is_secret(field):
            yield name


SECRETS = frozenset(_secret_keys())
NAMED = re.compile(rf"""(?<![\w-])(["']?(?:{"|".join(sorted(SECRETS))})["']?[ \t]*=[ \t]*).*""")
