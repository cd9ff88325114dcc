"""The installed modules: each can be imported, and so can everything that any of them asks for."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

OURS = ("queue_server", "display", "kiosk")
# Needs the extra `postgres`, which is not installed here, and is imported by nobody without it.
OF_THE_EXTRA = "queue_server.store.postgres"


def faults() -> list[str]:
    """Every import that fails, and every name that no installed package has, as sentences."""
    return [*_not_importable(), *_not_installed(), *_not_said()]


def elsewhere() -> list[str]:
    """Our packages that do not come from this environment."""
    files = (str(importlib.import_module(name).__file__) for name in OURS)
    return [file for file in files if not Path(file).is_relative_to(sys.prefix)]


def _not_importable() -> Iterator[str]:
    for name in _modules():
        # A `__main__` runs what it is the main module of.
        if not name.endswith("__main__") and not name.startswith(OF_THE_EXTRA):
            try:
                importlib.import_module(name)
            except ImportError as error:
                yield f"{name} can't be imported: {error}"


def _modules() -> Iterator[str]:
    for name in OURS:
        package = importlib.import_module(name)
        yield name
        yield from (found.name for found in pkgutil.walk_packages(package.__path__, f"{name}."))


def _not_installed() -> Iterator[str]:
    """Imports inside functions count, too: they fail only when somebody comes that way."""
    for name in OURS:
        folder = Path(str(importlib.import_module(name).__file__)).parent
        for file in sorted(folder.rglob("*.py")):
            is_extra = OF_THE_EXTRA.replace(".", "/") in str(file)
            for asked in () if is_extra else sorted(set(_asked_for(file))):
                if find_spec(asked) is None:
                    yield f"{file.relative_to(folder.parent)} imports {asked}: not installed"


def _not_said() -> Iterator[str]:
    """Whoever names PostgreSQL without the extra is told what to install."""
    from queue_server.domain.errors import StorageFailed
    from queue_server.store.engines import engine_of

    try:
        engine_of("postgresql://localhost/aufruf")
        yield "PostgreSQL is used without its extra"
    except StorageFailed as trouble:
        if "pip install" not in str(trouble.facts["reason"]):
            yield f"the missing extra is not said: {trouble.facts['reason']}"


def _asked_for(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
