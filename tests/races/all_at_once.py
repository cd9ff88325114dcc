"""Threads that wait at a barrier and then go off together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 60


def all_at_once(work: Callable[[Any], T], arguments: Iterable[Any]) -> list[Future[T]]:
    """Run `work` once per argument, each in its own thread, all starting together."""
    todo = list(arguments)
    barrier = Barrier(len(todo))

    def go(argument: Any) -> T:
        barrier.wait(PATIENCE_SECONDS)
        return work(argument)

    with ThreadPoolExecutor(len(todo)) as pool:
        return [pool.submit(go, argument) for argument in todo]


def answers(futures: Iterable[Future[T]]) -> list[T]:
    """What came back where nothing was refused; an unexpected error is raised."""
    return [future.result() for future in futures if not future.exception()]


def refusals(futures: Iterable[Future[Any]]) -> list[type]:
    return [type(future.exception()) for future in futures if future.exception()]
