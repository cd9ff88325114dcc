"""What is kept: the database, its migrations, and the SQL of tickets, appointments and the rest."""

from __future__ import annotations

import sys

# sqlite-utils takes numpy along wherever it is installed: a tenth of a second and 12 MB that a
# server, which never hands it an array, has no use for.
if "numpy" not in sys.modules:
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        import sqlite_utils as sqlite_utils
    finally:
        del sys.modules["numpy"]
