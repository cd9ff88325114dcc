"""At most one push a period and site: the first goes at once, later ones wait and become one."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """Runs `work(site)` at most once in `seconds`; a site asked for meanwhile runs once after.

    `start` begins a background task and `sleep` pauses it; with `start=None` (tests) every
    request runs at once.
    """

    def __init__(
        self,
        work: Callable[[str], None],
        seconds: float,
        start: Callable[..., object] | None,
        sleep: Callable[[float], object],
    ) -> None:
        self._work = work
        self._seconds = seconds
        self._start = start
        self._sleep = sleep
        self._asked: set[str] = set()
        self._running: set[str] = set()

    def ask(self, site: str) -> None:
        """This site's state has changed."""
        if self._start is None:
            self._work(site)
            return
        self._asked.add(site)
        if site not in self._running:
            self._running.add(site)
            self._start(self._run, site)

    def _run(self, site: str) -> None:
        try:
            while site in self._asked:
                self._asked.discard(site)
                self._work(site)
                self._sleep(self._seconds)
        finally:
            self._running.discard(site)
