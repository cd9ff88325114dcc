"""`aufruf run`: the production server, gunicorn with gevent, in one command."""

from __future__ import annotations

import logging
import os
import resource
import signal
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from queue_server.commands.common import config_option, said_plainly
from queue_server.commands.first_start import prepare, print_addresses
from queue_server.commands.lock import running_lock
from queue_server.serving_app import serving_app
from queue_server.settings import Settings, load_settings

CONNECTIONS = 6000
# Walls and phones hold their sockets open for ever; a clean stop does not wait for them.
GRACEFUL_SECONDS = 1


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one gevent worker; the application is built in the worker, after the fork."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        server = self.settings.server
        for key, value in {
            "bind": f"{_bracketed(server.host)}:{server.port}",
            "worker_class": "gevent",
            "workers": 1,
            "worker_connections": CONNECTIONS,
            "graceful_timeout": GRACEFUL_SECONDS,
            "timeout": 60,
            "keepalive": 75,
            "loglevel": "warning",
            "proc_name": "aufruf",
            "control_socket_disable": True,
            # X-Forwarded-* is judged in one place, by [server] behind_proxy.
            "forwarded_allow_ips": "",
            "worker_tmp_dir": _memory_dir(),
        }.items():
            if key in self.cfg.settings and value is not None:
                self.cfg.set(key, value)

    def load(self) -> Flask:
        # The worker gives up before its master does, which would say "Perhaps out of memory?".
        self.cfg.set("graceful_timeout", GRACEFUL_SECONDS - 1)
        _stop_politely()
        return serving_app(self.settings)


@click.command()
@config_option
@click.option("--host", help="Listen here instead of [server] host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen here instead of [server] port.")
@click.option("--always-open", is_flag=True, help="Keep every site open, to try it at any hour.")
@said_plainly
def run(config: Path | None, host: str | None, port: int | None, always_open: bool) -> None:
    """Serve the office. The first start creates the database, an admin and pairing codes."""
    settings = load_settings(config, always_open=always_open).listening(host, port)
    serve(settings, always_open=always_open)


def serve(settings: Settings, *, always_open: bool = False) -> None:
    """Prepare the database, say where to look, and serve until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    allow_many_sockets()
    with running_lock(settings.database_path):
        first = prepare(settings)
        print_addresses(settings, first, always_open=always_open)
        Server(settings).run()


def _stop_politely() -> None:
    """Ctrl-C ends the worker as SIGTERM does, instead of with a traceback out of a greenlet."""
    # Ctrl-C reaches the whole group; the worker waits for the word of its master, SIGQUIT.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    # Open walls at the end are no news.
    logging.getLogger("gunicorn.error").addFilter(lambda it: "graceful timeout" not in it.msg)


def allow_many_sockets() -> None:
    """Raise the limit of open files as far as the system lets us; 1024 is too few for a city."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS * 2 if hard == resource.RLIM_INFINITY else min(hard, CONNECTIONS * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _memory_dir() -> Any:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
