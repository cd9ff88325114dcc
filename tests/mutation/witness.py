"""Which test calls which function: a pytest plugin that writes it down, for `make mutants`.

    python -m pytest -p tests.mutation.witness --witness=FILE tests/store

FILE becomes `{test: {"seconds": 0.02, "calls": ["queue_server/store/cells.py:31", …]}}`, each
function by the line at which it begins. What a fixture calls counts for the test that needs it.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

PRODUCT = "queue_server"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--witness", type=Path)


def pytest_configure(config: pytest.Config) -> None:
    if file := config.getoption("witness"):
        config.pluginmanager.register(Witness(file, config.rootpath))


class Witness:
    def __init__(self, file: Path, root: Path) -> None:
        self._file, self._root = file, root
        self._seen: dict[int, CodeType] = {}
        self._told: dict[str, dict[str, Any]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._seen.clear()
        began = time.perf_counter()
        threading.settrace(self._called)
        sys.settrace(self._called)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
            seconds = time.perf_counter() - began
            self._told[item.nodeid] = {"seconds": seconds, "calls": sorted(self._calls())}

    def pytest_sessionfinish(self) -> None:
        self._file.write_text(json.dumps(self._told))

    def _called(self, frame: FrameType, event: str, argument: object) -> None:
        # By its address: the hash of a code object reads all of it.
        self._seen[id(frame.f_code)] = frame.f_code

    def _calls(self) -> set[str]:
        product = str(self._root / PRODUCT)
        return {
            f"{Path(code.co_filename).relative_to(self._root)}:{code.co_firstlineno}"
            for code in list(self._seen.values())
            if code.co_filename.startswith(product)
        }
