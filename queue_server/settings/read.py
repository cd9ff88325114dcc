"""Reads config.toml and the environment and collects every problem before it gives up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from queue_server.settings.checks import faults_in
from queue_server.settings.environment import overriding
from queue_server.settings.lines import KeyPath, key_lines
from queue_server.settings.problems import ConfigError, Fault, Origin, fault_of
from queue_server.settings.schema import ConfigFile


def read_config(path: Path, env: Mapping[str, str]) -> ConfigFile:
    """The checked content of the file and the environment; raises `ConfigError`."""
    text = _text(path)
    raw = _parsed(path, text)
    values, variables, problems = overriding(env)
    _put(values, raw)
    config, faults = _checked(raw)
    origin = Origin(str(path), raw, key_lines(text), variables)
    faults.sort(key=origin.line)
    problems += dict.fromkeys(origin.sentence(fault) for fault in faults)
    if problems or config is None:
        raise ConfigError(problems)
    return config


def _text(path: Path) -> str:
    try:
        # Editors on Windows begin a file with a byte order mark.
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        hint = "copy the example config.toml there, or name another file in AUFRUF_CONFIG"
        raise ConfigError([f"{path}: there is no such file; {hint}"]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{path}: expected a text in UTF-8; save the file so"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, line = str(error), text.count("\n") + 1
        if place := re.search(r" \(at line (\d+), column \d+\)$", what):
            what, line = what[: place.start()], int(place[1])
        what = what.removesuffix(" (at end of document)")
        raise ConfigError([f"{path} line {line}: this is not valid TOML: {what}"]) from None


def _put(values: Mapping[KeyPath, Any], raw: dict[str, Any]) -> None:
    for (section, key), value in values.items():
        table = raw.setdefault(str(section), {})
        if isinstance(table, dict):
            table[key] = value


def _checked(raw: dict[str, Any]) -> tuple[ConfigFile | None, list[Fault]]:
    together = list(faults_in(raw))
    try:
        return ConfigFile.model_validate(raw), together
    except ValidationError as error:
        # The values stay here: no traceback may show a password.
        found = error.errors(include_url=False)
    return None, [fault_of(each) for each in found] + together
