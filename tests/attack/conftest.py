"""Servers to be attacked, each in a process of its own."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.crowd import Attacked
from tests.office import Server


@pytest.fixture(scope="module")
def quiet_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An office that nobody attacks: what it feels is the machine."""
    server = Server(tmp_path_factory.mktemp("quiet"))
    server.forks = True
    yield server.start()
    server.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, quiet_server: Server) -> Iterator[Attacked]:
    """One office for the attacks of a file; none of them may hurt it."""
    server = Attacked(tmp_path_factory.mktemp("office"))
    server.quiet = quiet_server
    server.start()
    yield server
    server.close()


@pytest.fixture
def small_server(tmp_path: Path) -> Iterator[Server]:
    """An office with limits so low that a test meets them."""
    server = Server(tmp_path)
    server.forks = True
    config = server.config.read_text("utf-8")
    limits = "[server]\nconnections_per_address = 20\nbody_seconds = 1\n"
    server.config.write_text(config.replace("[server]\n", limits, 1), "utf-8")
    yield server.start()
    server.close()


@pytest.fixture(scope="module")
def many_files() -> Iterator[None]:
    """A connection is a file, and some systems allow a test only a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
