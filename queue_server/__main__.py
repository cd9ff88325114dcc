"""The `aufruf` command."""

from __future__ import annotations

import sys

from queue_server import supervisor

SERVING = ("run", "demo", "practice")


def main() -> None:
    """Entry point of the console script."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in SERVING:
        supervisor.watch()
    _become(name)


def _become(name: str) -> None:
    """Read the program, which a supervisor never does."""
    from queue_server import garbage

    garbage.begin()
    if name in SERVING:
        from queue_server import cooperative

        # Before anything else is imported.
        cooperative.patch()
    from queue_server.commands.all import aufruf, command_named

    command_named(name)
    garbage.settle()
    aufruf()


if __name__ == "__main__":
    main()
