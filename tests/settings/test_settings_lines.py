"""The line of a key is found in every way that TOML can write it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from queue_server.settings.lines import key_lines

EVERY_WAY = '''\
# [comment]
top = "a # b = [c]"
[server] # why
port = 8000
"quoted key" = 'c:\\'
dotted . inner = 1.5
[[site]]
notices = [
  "one", # first
  """two
  lines = """,
  ["three"],
]
[site.hours]
mon = ["08:00-12:00",
       "13:00-14:00"]
[[site.service]]
id = "a"
when = 1979-05-27 07:32:00
[[site.service]]
text = \'\'\'
[[site]]
it's\'\'\'\'
id = "b"
[[site]]
priority = { rule = "arrival", ratio = 2 }
service = [{ id = "c" },
  { id = "d" }]
'''


def test_every_way_to_write_a_key_has_its_line():
    lines = key_lines(EVERY_WAY)

    assert lines[("top",)] == 2
    assert lines[("server",)] == 3
    assert lines[("server", "quoted key")] == 5
    assert lines[("server", "dotted", "inner")] == 6
    assert lines[("site",)] == 7
    assert lines[("site", 0, "notices", 1)] == 10
    assert lines[("site", 0, "notices", 2, 0)] == 12
    assert lines[("site", 0, "hours", "mon", 1)] == 16
    assert lines[("site", 0, "service", 0, "when")] == 19
    assert lines[("site", 0, "service", 1)] == 20
    assert lines[("site", 0, "service", 1, "id")] == 24
    assert lines[("site", 1)] == 25
    assert lines[("site", 1, "priority", "ratio")] == 26
    assert lines[("site", 1, "service", 1, "id")] == 28


def test_the_lines_are_those_of_exactly_the_keys_that_the_reader_sees():
    for text in (EVERY_WAY, Path(__file__).parents[2].joinpath("config.toml").read_text("utf-8")):
        assert set(key_lines(text)) == set(paths_in(tomllib.loads(text)))


def paths_in(value, above=()):
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield (*above, key)
        if isinstance(inner, dict | list):
            yield from paths_in(inner, (*above, key))
