"""Compiled templates are kept for the next start, and nothing ever depends on them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from queue_server.web.template_files import KeptTemplates

HELLO = "Guten Tag, {{ name }}"


class Office:
    """Pages of one start: what they say, and how many templates were compiled for it."""

    def __init__(self, folder: Path, source: str = HELLO, options: tuple[object, ...] = ()) -> None:
        self.compiled = 0
        kept = KeptTemplates(folder, options)
        self._pages = Environment(loader=DictLoader({"page": source}), bytecode_cache=kept)
        usual = self._pages.compile

        def compile(*words: object, **more: object) -> object:
            self.compiled += 1
            return usual(*words, **more)  # type: ignore[call-overload]

        self._pages.compile = compile  # type: ignore[method-assign,assignment]

    def page(self) -> str:
        return self._pages.get_template("page").render(name="Frau Kaya")


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.code"))


def test_the_second_start_compiles_nothing(tmp_path: Path) -> None:
    first, second = Office(tmp_path), Office(tmp_path)

    assert first.page() == second.page() == "Guten Tag, Frau Kaya"
    assert (first.compiled, second.compiled) == (1, 0)


def test_a_changed_template_is_compiled_anew(tmp_path: Path) -> None:
    Office(tmp_path).page()

    assert Office(tmp_path, "Moin, {{ name }}").page() == "Moin, Frau Kaya"


def test_another_version_keeps_its_own_and_deletes_what_others_left(tmp_path: Path) -> None:
    Office(tmp_path).page()
    before = files(tmp_path)

    newer = Office(tmp_path, options=("newer",))

    assert newer.page() == "Guten Tag, Frau Kaya" and newer.compiled == 1
    assert len(files(tmp_path)) == 1 and files(tmp_path) != before


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def turned(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[-10] ^= 1
    file.write_bytes(whole)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def open_to_others(file: Path) -> None:
    file.chmod(0o666)


@pytest.mark.parametrize("harm", [cut_short, turned, emptied, a_folder, open_to_others])
def test_whatever_happens_to_a_kept_template_the_page_is_right(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    Office(tmp_path).page()
    [kept] = files(tmp_path)
    harm(kept)

    office = Office(tmp_path)

    assert office.page() == "Guten Tag, Frau Kaya"
    assert office.compiled == 1, "nothing is run that is not what was written"


def test_where_nothing_can_be_kept_pages_are_compiled(tmp_path: Path) -> None:
    (tmp_path / "templates").write_text("somebody's file")
    first, second = Office(tmp_path), Office(tmp_path)

    assert first.page() == second.page() == "Guten Tag, Frau Kaya"
    assert (first.compiled, second.compiled) == (1, 1)


def test_nobody_else_can_read_or_write_them(tmp_path: Path) -> None:
    usual = os.umask(0)
    try:
        Office(tmp_path).page()
    finally:
        os.umask(usual)

    [kept] = files(tmp_path)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700


PATCHED = """
from importlib import metadata
usual, asked = metadata.entry_points, []

def counted(**wanted):
    asked.append(wanted)
    return usual(**wanted)

metadata.entry_points = counted
from queue_server import cooperative
cooperative.patch()
import socket, threading
from gevent import monkey
print(len(asked), metadata.entry_points is counted, monkey.is_module_patched("socket"),
      monkey.is_module_patched("threading"))
"""


def test_becoming_cooperative_reads_the_packages_of_the_machine_once() -> None:
    told = subprocess.run([sys.executable, "-c", PATCHED], capture_output=True, text=True)

    assert told.stdout == "1 True True True\n", told.stderr
