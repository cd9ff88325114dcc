"""`aufruf run`: one worker with gevent serves pages, sockets and the rest."""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
import sys
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import click
import gevent
from flask import Flask
from gunicorn.app.base import BaseApplication

from queue_server import garbage
from queue_server.commands import logs
from queue_server.commands.common import config_option, running_lock, said_plainly, utc_now
from queue_server.commands.welcome import prepare, print_addresses
from queue_server.serving_app import serving_app
from queue_server.settings import Settings, load_settings
from queue_server.store.engines import line_of
from queue_server.web.app_context import EXTENSION, AppContext

CONNECTIONS = 6000
# Walls and phones hold their sockets open for ever, so the worker does not wait for them, but puts
# the database in order; a master that is less patient kills it and blames the memory.
WORKER_GRACE_SECONDS, MASTER_GRACE_SECONDS = 0, 6


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one gevent worker; the application is built in the worker, after the fork."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        server = self.settings.server
        for key, value in {
            "bind": f"{_bracketed(server.host)}:{server.port}",
            "worker_class": "queue_server.web_worker.OfficeWorker",
            "workers": 1,
            "worker_connections": CONNECTIONS,
            "graceful_timeout": MASTER_GRACE_SECONDS,
            "timeout": 60,
            "keepalive": 75,
            "loglevel": "warning",
            "logger_class": logs.WorkerLog,
            "proc_name": "aufruf",
            "control_socket_disable": True,
            # X-Forwarded-* is judged in one place, by [server] behind_proxy.
            "forwarded_allow_ips": "",
            "worker_tmp_dir": _memory_dir(),
            "pre_fork": lambda server, worker: garbage.settle(),
        }.items():
            if key in self.cfg.settings and value is not None:
                self.cfg.set(key, value)

    def load(self) -> Flask:
        self.cfg.set("graceful_timeout", WORKER_GRACE_SECONDS)
        _stop_politely()
        app = serving_app(self.settings)
        context: AppContext = app.extensions[EXTENSION]
        # Whichever comes first: the worker has nothing to wait for, or it has waited enough.
        self.cfg.set("post_worker_init", lambda worker: gevent.spawn(end_well, worker, context))
        self.cfg.set("worker_exit", lambda server, worker: close(context))
        return app


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
    settings = load_settings(config, always_open=always_open).listening(host, port)
    serve(settings, log)


def serve(settings: Settings, log: str = "text") -> None:
    """Prepare the database, say where to look, and serve until SIGTERM or Ctrl-C."""
    logs.install(log)
    allow_many_sockets()
    with _may_serve(settings):
        # Before anything is shown that is shown once.
        must_be_free(settings.server.host, settings.server.port)
        first = prepare(settings)
        print_addresses(settings, first, now=utc_now())
        Server(settings).run()


def _may_serve(settings: Settings) -> AbstractContextManager[None]:
    """A file has one server. PostgreSQL may have many, but for the time in which it is moved.

    Raises ClickException, `StorageFailed`.
    """
    if not settings.database.is_postgres:
        return running_lock(settings.database_path)
    _, listener = line_of(settings.database.url)
    listener.open()
    listener.close()
    return nullcontext()


def _stop_politely() -> None:
    """Ctrl-C ends the worker as SIGTERM does, instead of with a traceback out of a greenlet."""
    usual, told = signal.getsignal(signal.SIGTERM), []

    def end(number: int, frame: FrameType | None) -> None:
        told.append(number)
        if callable(usual):
            usual(number, frame)

    # Ctrl-C reaches the whole group; the worker waits for the word of its master, SIGQUIT.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, end)
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


def close(context: AppContext) -> None:
    """Keep what was told in the last second, and end the store."""
    context.told.record()
    context.store.close(for_good=True)


def end_well(worker: Any, context: AppContext) -> None:
    """Runs beside a gunicorn worker; once it is told to stop, ends its process."""
    while worker.alive:
        gevent.sleep(LOOK_SECONDS)
    gevent.sleep(GRACE_SECONDS)
    close(context)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(0)
