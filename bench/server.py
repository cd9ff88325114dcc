"""The real server, which notes in a file when each commit was done, and has a night when told.

python -m bench.server CONFIG PORT FILE
"""

from queue_server import supervisor

supervisor.watch()

from queue_server import cooperative, garbage  # noqa: E402

garbage.begin()
cooperative.patch()

import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402
from flask import Flask  # noqa: E402

from queue_server.commands import logs  # noqa: E402
from queue_server.commands.run import Server, allow_many_sockets  # noqa: E402
from queue_server.domain.events import Event  # noqa: E402
from queue_server.night_rounds import give_back  # noqa: E402
from queue_server.settings import load_settings  # noqa: E402
from queue_server.web.app_context import EXTENSION  # noqa: E402


class NotingServer(Server):
    """A line in the file for every commit: nanoseconds of the monotonic clock.

    SIGUSR1 is a night.
    """

    def __init__(self, config: Path, port: int, commits: Path) -> None:
        self.commits = commits
        super().__init__(load_settings(config, {}).listening("127.0.0.1", port))

    def load(self) -> Flask:
        app = super().load()
        file = self.commits.open("w", buffering=1)

        def note(events: Sequence[Event]) -> None:
            file.write(f"{time.monotonic_ns()}\n")

        context = app.extensions[EXTENSION]
        context.store.listen(note, first=True)
        gevent.signal_handler(signal.SIGUSR1, give_back, context)
        return app


if __name__ == "__main__":
    logs.install()
    allow_many_sockets()
    garbage.settle()
    NotingServer(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])).run()
