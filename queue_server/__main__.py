"""The `aufruf` command."""

from __future__ import annotations

import sys

from queue_server import cooperative, garbage

SERVING = ("run", "demo", "practice")


def main() -> None:
    """Entry point of the console script."""
    garbage.begin()
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in SERVING:
        # Before anything else is imported.
        cooperative.patch()
    from queue_server.commands.all import aufruf, command_named

    command_named(name)
    garbage.settle()
    aufruf()


if __name__ == "__main__":
    main()
