"""Values as they are written into config.toml, in the style of the value that they replace."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

# As wide as the lists of the shipped file.
COLUMNS = 98
INDENT = "  "
BETWEEN = re.compile(r"""["'], *["']""")


def written(key: str, value: Any, before: str = "", indent: str = "") -> str:
    """The value in TOML. `before` is what stood there; `key` and `indent` only measure the line."""
    if isinstance(value, list):
        return _list(key, value, before, indent)
    if isinstance(value, str) and (before.startswith('"""') or "\n" in value):
        return _block(value)
    return _plain(value)


def pair(key: str, value: Any, indent: str = "") -> str:
    """`key = value`, a line or more, with the end of its line."""
    name = bare(key)
    return f"{indent}{name} = {written(name, value, indent=indent)}\n"


def bare(key: str) -> str:
    """The key as it is written: in quotes where it must be."""
    is_bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if is_bare else _plain(key)


def _plain(value: Any) -> str:
    # Half a dozen values at a time, so its price is paid by whoever edits, and not at a start.
    import tomlkit

    text: str = tomlkit.item(value).as_string()
    return text


def _block(value: str) -> str:
    """Lines between three quotes, beginning on a separate line."""
    import tomlkit

    lines = tomlkit.string(value, multiline=True).as_string()
    return f'"""\n{lines.removeprefix(chr(34) * 3)}'


def _list(key: str, values: list[Any], before: str, indent: str) -> str:
    if "#" in before and (kept := _kept(values, before)):
        return kept
    one_line = f"[{', '.join(map(_plain, values))}]"
    fits = len(f"{indent}{key} = {one_line}") <= COLUMNS
    if not values or (fits and not _is_chosen_long(key, before, indent)):
        return one_line
    entries = [f"{_plain(each)}," for each in values]
    lines = _filled(entries, indent) if _is_filled(before) else entries
    return "\n".join(["[", *(f"{indent}{INDENT}{line}" for line in lines), f"{indent}]"])


def _is_filled(before: str) -> bool:
    """Whether several entries share a line of a list that has several lines."""
    return "\n" in before and any(BETWEEN.search(line) for line in before.splitlines())


def _filled(entries: list[str], indent: str) -> list[str]:
    """As many entries on each line as it takes."""
    lines: list[str] = []
    for entry in entries:
        longer = f"{lines[-1]} {entry}" if lines else ""
        if longer and len(indent + INDENT + longer) <= COLUMNS:
            lines[-1] = longer
        else:
            lines.append(entry)
    return lines


def _is_chosen_long(key: str, before: str, indent: str) -> bool:
    """Whether somebody wrote a list on several lines that had fitted on one."""
    if "\n" not in before:
        return False
    entries = [line.strip().rstrip(",") for line in before.strip("[]").splitlines()]
    one_line = f"{indent}{key} = [{', '.join(filter(None, entries))}]"
    return len(one_line) <= COLUMNS


def _kept(values: list[Any], before: str) -> str:
    """The list with the comments of the entries that stay; empty where that can't be done."""
    import tomlkit

    document = tomlkit.parse(f"list = {before}\n")
    entries: Any = document["list"]
    plain = list(entries.unwrap())
    if plain == values:
        return before
    steps = SequenceMatcher(None, plain, values, autojunk=False).get_opcodes()
    for kind, start, end, first, last in reversed(steps):
        if kind == "equal":
            continue
        for number in reversed(range(start, end)):
            del entries[number]
        for offset, value in enumerate(values[first:last]):
            entries.insert(start + offset, value)
    text = document.as_string().removeprefix("list = ").rstrip("\n")
    return text if list(tomlkit.parse(f"list = {text}\n")["list"].unwrap()) == values else ""
