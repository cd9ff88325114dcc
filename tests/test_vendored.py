"""What other people wrote is what they published: the listed checksums are those of the files."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "queue_server" / "web" / "static" / "vendor"
ROW = re.compile(r"^\| (\S+/\S+) \| (\S+) \| (\S+) \| ([^|]+) \| ([0-9a-f]{64}) \|$", re.MULTILINE)
LISTED = {row[1]: row[5] for row in ROW.finditer((FOLDER / "README.md").read_text())}
FILES = [path for path in FOLDER.rglob("*") if path.is_file() and path.name != "README.md"]


def test_every_file_is_listed_with_its_checksum() -> None:
    found = {str(path.relative_to(FOLDER)): sha256(path.read_bytes()).hexdigest() for path in FILES}

    assert found == LISTED


def test_every_package_brings_its_licence() -> None:
    folders = {path.relative_to(FOLDER).parts[0] for path in FILES}

    assert folders == {name.split("/")[0] for name in LISTED if "LICENSE" in name}
