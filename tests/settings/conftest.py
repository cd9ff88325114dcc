"""A configuration in a temporary directory: `office.load(...)` and `office.problems(...)`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from queue_server.settings import ConfigError, Settings, load_settings

SMALLEST = """\
[[site]]
id = "rathaus"
name = "Rathaus"
[site.hours]
mon = ["08:00-12:00"]
[[site.service]]
id = "meldewesen"
name = "Meldewesen"
group = "M"
minutes = 15
[[site.counter]]
id = "1"
name = "Schalter 1"
"""


class Office:
    def __init__(self, directory: Path) -> None:
        self.path = directory / "config.toml"

    def load(
        self,
        text: str = SMALLEST,
        env: Mapping[str, str] | None = None,
        *,
        always_open: bool = False,
    ) -> Settings:
        self.path.write_text(text, "utf-8")
        return load_settings(self.path, env or {}, always_open=always_open)

    def problems(self, text: str = SMALLEST, env: Mapping[str, str] | None = None) -> list[str]:
        """The problems, without the directory before "config.toml"."""
        with pytest.raises(ConfigError) as refusal:
            self.load(text, env)
        assert str(refusal.value) == "\n".join(refusal.value.problems)
        return [each.replace(f"{self.path}", "config.toml") for each in refusal.value.problems]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def smallest() -> str:
    """The smallest configuration that an office can start with."""
    return SMALLEST
