"""Logging: one line for a client's mistake, a traceback for one of ours.

Libraries write client addresses, paths (whoever knows `/t/…` holds the ticket) and what a client
sent into their lines. All of that is taken out here, before any handler sees it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import gevent
from gunicorn.glogging import Logger

from queue_server.web.request_ids import request_id

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
OURS = frozenset({"queue_server", "kiosk", "display"})
# What reads the wire. An exception from there is about what a client sent.
PROTOCOLS = frozenset({"engineio", "socketio", "simple_websocket", "wsproto", "h11"})
# Whoever sends nonsense all day must not fill the disk with it.
MOST_LINES, MINUTE_SECONDS = 30, 60.0
INVALID = re.compile(r"Invalid request from ip=\S*: (?P<kind>[^:]*)")


class LineLimit:
    """Lets a number of lines a minute pass and says how many more there were."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since, self._lines = clock(), 0

    def allows(self, record: logging.LogRecord) -> bool:
        now = self._clock()
        if now - self._since >= MINUTE_SECONDS:
            if self._lines > MOST_LINES:
                record.msg = f"{record.msg} (and {self._lines - MOST_LINES} more before)"
            self._since, self._lines = now, 0
        self._lines += 1
        return self._lines <= MOST_LINES


of_clients = LineLimit()


class TolerantStream:
    """A stream that swallows what the disk under it does not take."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Lines(logging.Formatter):
    """Lines for people: the request's name stands at the end, where there is one."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        return f"{line} request={name}" if (name := request_id()) else line


class JsonLines(logging.Formatter):
    """One JSON object a line, for programs that gather logs: nothing but what `Lines` say."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if name := request_id():
            said["request_id"] = name
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


class WorkerLog(Logger):  # type: ignore[misc]
    """gunicorn's own log, in the lines of all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        (ours,) = (each.formatter for each in logging.root.handlers[:1])
        for handler in self.error_log.handlers:
            handler.setFormatter(ours)


FORMATS: dict[str, Callable[[], logging.Formatter]] = {
    "text": lambda: Lines(FORMAT),
    "json": JsonLines,
}


def install(form: str = "text") -> None:
    """Set up logging for a serving process, before its worker is made; `form` is of `FORMATS`.

    It goes to standard error, where gevent's hub prints as well; a log that can't be written holds
    up nobody.
    """
    sys.stderr = TolerantStream(sys.stderr)
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATS[form]())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("gunicorn.error").addFilter(about_http)
    for name in ("engineio.server", "socketio.server"):
        # A level that is set keeps the library from adding a handler, which would say it twice.
        logging.getLogger(name).setLevel(logging.ERROR)
        logging.getLogger(name).addFilter(about_sockets)
    for name in ("queue_server.realtime.sockets", "queue_server.web.mistakes"):
        logging.getLogger(name).addFilter(about_words)
    # Behind the trace of a greenlet's fault stands what it was; its arguments, so what a client
    # sent, stay out.
    gevent.config.format_context = "builtins.type"


def about_http(record: logging.LogRecord) -> bool:
    """gunicorn's lines without address and path."""
    if invalid := INVALID.match(record.getMessage()):
        return _about_client(record, f"a request could not be read: {invalid['kind']}")
    if record.msg.startswith("Error handling request"):
        return _judged(record, "a request could not be answered")
    return True


def about_sockets(record: logging.LogRecord) -> bool:
    """Socket.IO's lines without what the client sent."""
    if record.exc_info:
        return _judged(record, "a socket message could not be handled")
    if "origin" in record.getMessage():
        return _about_client(record, "a socket was refused: not a page of [server] public_url")
    return _about_client(record, "a socket request was refused")


def about_words(record: logging.LogRecord) -> bool:
    """What our own code notes of clients: not more than of all their other mistakes."""
    return record.levelno > logging.INFO or of_clients.allows(record)


def _judged(record: logging.LogRecord, said: str) -> bool:
    """Our own fault keeps its trace; of a client's, kind and place are said in the line."""
    record.msg, record.args = said, None
    error, trace = record.exc_info[1:] if record.exc_info else (None, None)
    place = _deepest(trace)
    if error is None or place is None or _package(place) in OURS:
        return True
    where = f"{Path(place.filename).name}:{place.lineno}"
    return _about_client(record, f"{said}: {type(error).__name__} at {where}")


def _about_client(record: logging.LogRecord, said: str) -> bool:
    record.msg, record.args = said, None
    record.exc_info = record.exc_text = None
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    return of_clients.allows(record)


def _deepest(trace: TracebackType | None) -> traceback.FrameSummary | None:
    """The last frame in our code or in a protocol's, whichever is deeper."""
    frames = traceback.extract_tb(trace)
    return next((each for each in reversed(frames) if _package(each)), None)


def _package(frame: traceback.FrameSummary) -> str:
    """Which of ours or of the protocols' packages a frame stands in; else empty."""
    parts = Path(frame.filename).parts
    return next((part for part in reversed(parts) if part in OURS | PROTOCOLS), "")
