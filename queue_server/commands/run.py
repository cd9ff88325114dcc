"""`aufruf run`: one worker with gevent serves pages, sockets and the rest."""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import click
import gevent
from flask import Flask
from gunicorn import sock
from gunicorn.app.base import BaseApplication

from queue_server import supervisor
from queue_server.commands import logs
from queue_server.commands.common import config_option, running_lock, said_plainly, utc_now
from queue_server.commands.welcome import prepare, print_addresses
from queue_server.serving_app import serving_app
from queue_server.settings import Settings, load_settings
from queue_server.store.engines import line_of
from queue_server.web.app_context import EXTENSION, AppContext

log = logging.getLogger(__name__)
CONNECTIONS = 6000
# The texts of config.toml with which the first server began, and by which the last one served.
CONFIG, IN_FORCE = "config", "in force"


class Server(BaseApplication):  # type: ignore[misc]
    """A worker of gunicorn in this very process, which has a supervisor instead of a master.

    `held` are open files that nobody else shall get hold of before the supervisor ends.
    """

    def __init__(self, settings: Settings, held: Sequence[int] = ()) -> None:
        self.settings = settings
        self.held = held
        self.at_start = supervisor.handover.note(CONFIG) or settings.text
        self.context: AppContext | None = None
        super().__init__()

    def load_config(self) -> None:
        server = self.settings.server
        for key, value in {
            "bind": f"{_bracketed(server.host)}:{server.port}",
            "worker_class": "queue_server.web_worker.OfficeWorker",
            "workers": 1,
            "worker_connections": CONNECTIONS,
            # Walls and phones hold their sockets open for ever, so nobody waits for them.
            "graceful_timeout": 0,
            "keepalive": 75,
            "loglevel": "warning",
            "logger_class": logs.WorkerLog,
            "proc_name": "aufruf",
            "control_socket_disable": True,
            # X-Forwarded-* is judged in one place, by [server] behind_proxy.
            "forwarded_allow_ips": "",
            "worker_tmp_dir": _memory_dir(),
        }.items():
            if key in self.cfg.settings and value is not None:
                self.cfg.set(key, value)

    def run(self) -> None:
        """Serve until the supervisor ends it."""
        if supervisor.handover.ended:
            log.error("the server %s; another takes its place", supervisor.handover.ended)
        errors = self.cfg.logger_class(self.cfg)
        listeners = sock.create_sockets(self.cfg, errors, supervisor.handover.listeners)
        parent = supervisor.handover.supervisor
        worker = self.cfg.worker_class(1, parent, listeners, self, None, self.cfg, errors)
        try:
            worker.init_process()
        finally:
            self.end()

    def load(self) -> Flask:
        _stop_politely()
        app = self.application()
        self.context = app.extensions[EXTENSION]
        self.context.configuration.at_start = self.at_start
        self.cfg.set("post_worker_init", self.begin)
        return app

    def application(self) -> Flask:
        return serving_app(self.settings)

    def begin(self, worker: Any) -> None:
        """All is ready, and the first request may come."""
        gevent.spawn(end_well, worker, self.end)
        (listener,) = worker.sockets
        supervisor.handover.serves(listener.fileno(), self.held, self.notes())
        if self.context:
            self.context.configuration.on_change.append(self.hand_on)

    def notes(self) -> dict[str, str]:
        """What another server has to know that takes the place of this one."""
        in_force = self.context.settings if self.context else self.settings
        return {CONFIG: self.at_start, IN_FORCE: in_force.text}

    def hand_on(self, newer: Settings) -> None:
        """Another server begins with the settings that are in force."""
        supervisor.handover.notes_change(self.notes())

    def end(self) -> None:
        """Keep what was told in the last second, and end the store."""
        if self.context:
            self.context.told.record()
            self.context.store.close(for_good=True)


@click.command()
@config_option
@click.option("--host", help="Listen here instead of [server] host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen here instead of [server] port.")
@click.option("--always-open", is_flag=True, help="Keep every site open, to try it at any hour.")
@click.option(
    "--log",
    type=click.Choice(list(logs.FORMATS)),
    default="text",
    help="How lines of the log look.",
)
@said_plainly
def run(
    config: Path | None, host: str | None, port: int | None, always_open: bool, log: str
) -> None:
    """Serve the office. The first start creates the database, an admin and pairing codes."""
    settings = _settings(config, always_open=always_open, host=host, port=port)
    logs.install(log)
    allow_many_sockets()
    if supervisor.handover.is_first:
        serve(settings)
    else:
        Server(settings).run()


def _settings(
    config: Path | None, *, always_open: bool, host: str | None, port: int | None
) -> Settings:
    """What was in force at last, whatever has become of the file since, where the first listens."""
    first = noted_settings(config, CONFIG, always_open=always_open).listening(host, port)
    if supervisor.handover.note(IN_FORCE) in (None, first.text):
        return first
    return first.taken_over(noted_settings(config, IN_FORCE, always_open=always_open))


def noted_settings(config: Path | None, name: str, *, always_open: bool) -> Settings:
    """The settings that the server before noted under this name; in the first one the file's."""
    return load_settings(
        config,
        always_open=always_open,
        text=supervisor.handover.note(name),
        was_in_force=not supervisor.handover.is_first,
    )


def serve(settings: Settings) -> None:
    """Prepare the database, say where to look, and serve until SIGTERM or Ctrl-C."""
    with _may_serve(settings) as held:
        # Before anything is shown that is shown once.
        must_be_free(settings.server.host, settings.server.port)
        first = prepare(settings)
        print_addresses(settings, first, now=utc_now())
        Server(settings, held).run()


def _may_serve(settings: Settings) -> AbstractContextManager[Sequence[int]]:
    """A file has one server. PostgreSQL may have many, but for the time in which it is moved.

    Raises ClickException, `StorageFailed`.
    """
    if not settings.database.is_postgres:
        return running_lock(settings.database_path)
    _, listener = line_of(settings.database.url)
    listener.open()
    listener.close()
    return nullcontext(())


def _stop_politely() -> None:
    """Ctrl-C ends the worker as SIGTERM does, instead of with a traceback out of a greenlet."""
    usual, told = signal.getsignal(signal.SIGTERM), []

    def end(number: int, frame: FrameType | None) -> None:
        told.append(number)
        if callable(usual):
            usual(number, frame)

    # Ctrl-C reaches the whole group; the server waits for the word of its supervisor.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, end)
    # That open walls are cut off at the end, each with a traceback, is no news.
    logging.getLogger("gunicorn.error").addFilter(lambda _: not told)


def must_be_free(host: str, port: int) -> None:
    """Raise ClickException when nobody may listen there. gunicorn itself would try for long."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            place = f"{_bracketed(host)}:{port}"
            raise click.ClickException(f"can't listen on {place}: {error.strerror}") from None


def allow_many_sockets() -> None:
    """Raise the limit of open files as far as the system lets us; 1024 is too few for a city."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS * 2 if hard == resource.RLIM_INFINITY else min(hard, CONNECTIONS * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _memory_dir() -> Any:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


LOOK_SECONDS = 0.1
# gunicorn would wait a second and then kill what walls and phones hold open for ever, with traces.
GRACE_SECONDS = 0.5


def end_well(worker: Any, end: Callable[[], None]) -> None:
    """Runs beside a gunicorn worker; once it is told to stop, ends its process."""
    while worker.alive:
        gevent.sleep(LOOK_SECONDS)
    gevent.sleep(GRACE_SECONDS)
    end()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(0)
