"""The real server in the time of `bench/pace.py`.

python -m bench.month_server CONFIG PORT BEGAN SPEED
"""

from queue_server import supervisor

supervisor.watch()

from gevent import monkey  # noqa: E402

monkey.patch_all()

import sys  # noqa: E402
from datetime import datetime, timedelta  # noqa: E402
from pathlib import Path  # noqa: E402

from flask import Flask  # noqa: E402

from bench.pace import Pace  # noqa: E402
from queue_server import serving_app  # noqa: E402
from queue_server.commands import logs  # noqa: E402
from queue_server.commands.run import Server, allow_many_sockets  # noqa: E402
from queue_server.domain.timestamps import ClockWatch  # noqa: E402
from queue_server.settings import load_settings  # noqa: E402

# What a server does every 20 s and every ten minutes comes as often in a day as it does there, but
# twice a second at most.
TIDY_EVERY_SECONDS, AT_LEAST_SECONDS = 20, 0.5


class PacedWatch(ClockWatch):
    """Nobody sets this clock; it only runs faster than that of the machine."""

    def was_set_by(self, now: datetime, ticks: float) -> timedelta:
        return timedelta()


class MonthServer(Server):
    """What `aufruf run` starts, with another clock."""

    def __init__(self, config: Path, port: int, pace: Pace) -> None:
        self.pace = pace
        super().__init__(load_settings(config, {}).listening("127.0.0.1", port))

    def application(self) -> Flask:
        return serving_app.serving_app(self.settings, self.pace.now)


if __name__ == "__main__":
    logs.install()
    allow_many_sockets()
    pace = Pace(float(sys.argv[3]), float(sys.argv[4]))
    every = max(AT_LEAST_SECONDS, TIDY_EVERY_SECONDS / pace.speed)
    serving_app.TIDY_EVERY_SECONDS = every  # type: ignore[assignment]
    serving_app.ClockWatch = PacedWatch  # type: ignore[misc]
    MonthServer(Path(sys.argv[1]), int(sys.argv[2]), pace).run()
