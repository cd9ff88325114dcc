"""Keys from the environment: AUFRUF_SERVER_PORT goes before `[server] port`.

Secrets may come from a file that AUFRUF_MAIL_PASSWORD_FILE names, as container platforms do it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_origin

from pydantic.fields import FieldInfo

from queue_server.settings.lines import KeyPath
from queue_server.settings.problems import ConfigError, did_you_mean
from queue_server.settings.schema import ConfigFile
from queue_server.settings.types import is_secret

PREFIX = "AUFRUF_"
NOT_A_KEY = "AUFRUF_CONFIG"
# Tables of which there are several have no names to make variables of.
SEVERAL = ("site", "webhook")
# A variable this near to a known one is a slip of the pen, not another program's.
SLIP = 0.85


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that may be set, and the key that it stands for."""

    name: str
    path: tuple[str, str]
    field: FieldInfo
    names_a_file: bool = False


def known_variables() -> dict[str, Variable]:
    """Every variable that stands for a key, by name."""
    return {variable.name: variable for variable in _variables()}


def overriding(env: Mapping[str, str]) -> tuple[dict[KeyPath, Any], dict[KeyPath, str], list[str]]:
    """The values that the environment sets, their variables, and the problems with them."""
    known = known_variables()
    problems = [_unknown(name, known) for name in sorted(env) if _is_meant(name, known)]
    values: dict[KeyPath, Any] = {}
    variables: dict[KeyPath, str] = {}
    for variable in (known[name] for name in env if name in known):
        if variable.path in values:
            problems.append(_set_twice(variable))
        try:
            values[variable.path] = _value(variable, env[variable.name])
            variables[variable.path] = variable.name
        except ConfigError as error:
            problems.extend(error.problems)
    return values, variables, problems


def _variables() -> Iterator[Variable]:
    for section, key, field in _section_keys():
        name = f"{PREFIX}{section}_{key}".upper()
        yield Variable(name, (section, key), field)
        if is_secret(field):
            yield Variable(f"{name}_FILE", (section, key), field, names_a_file=True)


def _section_keys() -> Iterator[tuple[str, str, FieldInfo]]:
    for section in ConfigFile.model_fields:
        table = ConfigFile.table_of(section)
        if section not in SEVERAL and table is not None:
            yield from ((section, key, each) for key, each in table.model_fields.items())


def _is_meant(name: str, known: Mapping[str, Variable]) -> bool:
    """Whether an unknown variable was meant for this program."""
    if not name.startswith(PREFIX) or name in known or name == NOT_A_KEY:
        return False
    if name.startswith(f"{PREFIX}WEBHOOK_"):
        # A secret that a webhook may name.
        return False
    sections = tuple(f"{PREFIX}{section}_".upper() for section in ConfigFile.model_fields)
    return name.startswith(sections) or bool(difflib.get_close_matches(name, known, 1, SLIP))


def _unknown(name: str, known: Mapping[str, Variable]) -> str:
    section = name.removeprefix(PREFIX).partition("_")[0].lower()
    if section == "site":
        return f"environment variable {name}: the [[{section}]] tables stand in the file only"
    siblings = [each for each, variable in known.items() if variable.path[0] == section]
    near = did_you_mean(name, siblings or list(known)) or "."
    listed = f" Known: {', '.join(siblings)}" if siblings else ""
    return f"environment variable {name}: unknown key{near}{listed}"


def _set_twice(variable: Variable) -> str:
    plain = variable.name.removesuffix("_FILE")
    return f"environment variables {plain} and {plain}_FILE: expected only one of the two"


def _value(variable: Variable, value: str) -> Any:
    if variable.names_a_file:
        return _content(variable, value)
    return _typed(value, variable.field.annotation)


def named_secret(name: str, env: Mapping[str, str]) -> str:
    """The secret in this variable, or in the file that NAME_FILE names. Raises `ConfigError`."""
    if file := env.get(f"{name}_FILE"):
        return _read(f"{name}_FILE", file)
    if not env.get(name):
        raise ConfigError([f"environment variable {name}: expected a secret, got nothing"])
    return env[name]


def _content(variable: Variable, file: str) -> str:
    return _read(variable.name, file)


def _read(variable: str, file: str) -> str:
    try:
        return Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        sentence = f'environment variable {variable}: cannot read "{file}": {why}'
        raise ConfigError([sentence]) from None


def _typed(value: str, kind: Any) -> Any:
    """The value as the file would hold it; left as text, and refused later, when it is no such."""
    if kind is bool:
        return {"true": True, "false": False}.get(value.lower(), value)
    if get_origin(kind) is list:
        return value.split()
    if kind is int and re.fullmatch(r"-?[0-9]{1,9}", value):
        return int(value)
    return value
