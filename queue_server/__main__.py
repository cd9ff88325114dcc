"""The `aufruf` command."""

from __future__ import annotations

import sys

SERVING = ("run", "demo", "practice")


def main() -> None:
    """Entry point of the console script."""
    if len(sys.argv) > 1 and sys.argv[1] in SERVING:
        # Before anything else is imported: sockets, locks and threads become cooperative.
        from gevent import monkey

        monkey.patch_all()
    from queue_server.commands.all import aufruf

    aufruf()


if __name__ == "__main__":
    main()
