"""config.toml is edited by a program, and nothing moves but what was meant."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from queue_server.settings.editing import (
    AddTable,
    NotEditable,
    Place,
    RemoveTable,
    SetKey,
    edited,
)
from queue_server.settings.editing.difference import (
    SECRETS,
    changed_keys,
    changed_lines,
    shown_lines,
)

SHIPPED = (Path(__file__).parents[2] / "config.toml").read_text("utf-8")
LONG = "Donaudampfschifffahrtsgesellschaftskapitänspatent mit beglaubigter Abschrift"
MELDEWESEN: Place = ("site", "rathaus", "service", "meldewesen")


def pairs_in(table: dict[str, Any], place: Place = ()) -> Iterator[tuple[Place, str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from pairs_in(value, (*place, key))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, entry in enumerate(value):
                name = entry.get("id", entry.get("day", number))
                yield from pairs_in(entry, (*place, key, name))
        else:
            yield place, key, value


def one_of_each_kind() -> list[tuple[Place, str, Any]]:
    """Every key that the shipped file sets, once, and every list."""
    kinds: dict[tuple[str, ...], tuple[Place, str, Any]] = {}
    for place, key, value in pairs_in(tomllib.loads(SHIPPED)):
        shape = (*(str(name) for name in place[::2]), key, str(value)[:12])
        kind = shape if isinstance(value, list) and len(value) > 3 else shape[:-1]
        if key not in ("id", "day"):
            kinds.setdefault(kind, (place, key, value))
    return list(kinds.values())


def another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return [*value[1:], LONG]
    return f"{value} neu" if isinstance(value, str) else value + 1


def test_whatever_is_changed_and_changed_back_leaves_the_shipped_file_as_it_was_to_the_byte() -> (
    None
):
    found = one_of_each_kind()
    there = [SetKey(place, key, another(value)) for place, key, value in found]
    back = [SetKey(place, key, value) for place, key, value in found]

    changed = edited(SHIPPED, there)

    assert edited(changed, back) == SHIPPED
    comments = [line for line in SHIPPED.splitlines() if line.lstrip().startswith("#")]
    assert [each for each in changed.splitlines() if each.lstrip().startswith("#")] == comments
    assert len(there) > 50


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        (MELDEWESEN, "daily_quota", 40),
        (("site", "rathaus", "booking"), "hold_minutes", 90),
        (("site", "rathaus", "hours"), "sat", ["09:00-12:00"]),
        (("site", "nordend"), "notices", ["Wir ziehen um."]),
        (("site", "nordend", "theme"), "name", "Stadt Nordend"),
        (("site", "nordend", "service", "meldewesen", "translated", "tr"), "name", "Kayıt"),
        (("legal",), "imprint_url", "https://example.de/impressum"),
    ],
)
def test_a_new_key_and_its_removal_leave_the_file_as_it_was(
    place: Place, key: str, value: Any
) -> None:
    changed = edited(SHIPPED, [SetKey(place, key, value)])

    assert len(changed.splitlines()) > len(SHIPPED.splitlines())
    back = edited(changed, [SetKey(place, key, None)])
    assert tomllib.loads(back).get("legal", {}) == tomllib.loads(SHIPPED).get("legal", {})
    # Only the head of a table that was made for the key may stay.
    assert [line for line in back.splitlines() if line not in SHIPPED] in (
        [],
        ["[site.service.translated.tr]"],
    )


def test_a_new_key_stands_below_the_line_that_shows_its_default() -> None:
    changed = edited(SHIPPED, [SetKey(("site", "rathaus", "checkin"), "grace_minutes", 20)])

    lines = changed.splitlines()
    at = lines.index("grace_minutes = 20")
    assert lines[at - 1] == "# grace_minutes = 10"


def test_a_new_service_stands_behind_the_others_and_goes_without_a_trace() -> None:
    service = {"id": "neu", "name": "Neues", "group": "N", "minutes": 5, "documents": [LONG, LONG]}

    changed = edited(SHIPPED, [AddTable(("site", "rathaus"), "service", service)])

    services = tomllib.loads(changed)["site"][0]["service"]
    assert services[-1] == service
    assert tomllib.loads(changed)["site"][1] == tomllib.loads(SHIPPED)["site"][1]
    assert edited(changed, [RemoveTable(("site", "rathaus", "service", "neu"))]) == SHIPPED


def test_the_first_of_its_kind_stands_at_the_end_of_its_site() -> None:
    page = {"text": "# Umbau\n\nWir bauen.\n"}

    changed = edited(SHIPPED, [AddTable(("site", "nordend"), "page", page)])

    assert tomllib.loads(changed)["site"][1]["page"] == [page]
    assert edited(changed, [RemoveTable(("site", "nordend", "page", 0))]) == SHIPPED


def test_what_goes_takes_its_own_tables_with_it_and_leaves_the_comments_of_others() -> None:
    changed = edited(SHIPPED, [RemoveTable(MELDEWESEN)])

    services = tomllib.loads(changed)["site"][0]["service"]
    assert services == tomllib.loads(SHIPPED)["site"][0]["service"][1:]
    assert "# --- Services ---" in changed


def test_entries_of_a_list_keep_their_comments() -> None:
    text = 'notices = [\n  "eins", # zuerst\n  # gilt bis Mai\n  "zwei",\n  "drei",\n]\n'

    changed = edited(text, [SetKey((), "notices", ["eins", "zwei", "vier", "fünf"])])

    assert "# zuerst" in changed and "# gilt bis Mai" in changed
    assert tomllib.loads(changed)["notices"] == ["eins", "zwei", "vier", "fünf"]


@pytest.mark.parametrize(
    "text",
    [
        'hours.mon = ["08:00-12:00"]\n',
        "hours = { mon = [] }\n",
        "[[hours]]\nmon = []\n",
        "hours = 3\n",
    ],
)
def test_what_is_written_in_another_way_is_left_to_a_person(text: str) -> None:
    with pytest.raises(NotEditable):
        edited(text, [SetKey(("hours",), "tue", ["09:00-10:00"])])


@pytest.mark.parametrize(
    "change",
    [
        SetKey(("site", "rathaus", "service", "gibt-es-nicht"), "minutes", 5),
        RemoveTable(("site", "rathaus", "hours")),
        RemoveTable(("site", "rathaus", "page", 7)),
    ],
)
def test_a_place_that_there_is_not_is_refused(change: SetKey | RemoveTable) -> None:
    with pytest.raises(NotEditable):
        edited(SHIPPED, [change])


@pytest.mark.parametrize(
    "words", ["\x00", "eins\n\x00zwei", "\ud800", "\x1b[31m", "\x7f", "\r\nzwei"]
)
def test_signs_that_are_none_change_nothing_or_arrive_as_they_are(words: str) -> None:
    for change in (SetKey(MELDEWESEN, "fee", words), SetKey(MELDEWESEN, "documents", [words])):
        try:
            changed = edited(SHIPPED, [change])
        except NotEditable:
            continue
        found = tomllib.loads(changed)["site"][0]["service"][0][change.key]
        assert found == change.value


def test_marks_and_line_ends_of_other_systems_are_kept() -> None:
    text = "\ufeff[server]\r\nport = 8000 # unser\r\n"

    assert edited(text, [SetKey(("server",), "port", 80)]) == text.replace("8000", "80")


def test_values_are_written_so_that_no_value_becomes_anything_else() -> None:
    words = 'ein "Zitat", \\ ein Strich,\teine Lücke, ein # und ein ]'

    changed = edited(SHIPPED, [SetKey(MELDEWESEN, "fee", words), SetKey(MELDEWESEN, "name", "'''")])

    found = tomllib.loads(changed)["site"][0]["service"][0]
    assert (found["fee"], found["name"]) == (words, "'''")


# -- what is different --------------------------------------------------------------------------


def test_differences_show_the_lines_alone_and_name_keys_without_values() -> None:
    old = 'a = 1\n[mail]\npassword = "geheim"\n[[site]]\nid = "x"\nname = "X"\n'
    new = old.replace('"X"', '"Y"')

    (found,) = changed_lines(old, new)

    assert (found.line, found.gone, found.come) == (6, ('name = "X"',), ('name = "Y"',))
    assert changed_keys(old, new.replace("geheim", "anders")) == ["mail.password", "site.x.name"]
    assert changed_keys(old, new + '[[site.page]]\ntext = "T"\n') == [
        "site.x.name",
        "site.x.page.1",
    ]


@pytest.mark.parametrize(
    "text",
    [
        'mail.password = "geheim"\n',
        '[mail]\npassword = """\ngeheim\nnoch geheim"""\nsender = ""\n',
        "[mail]\n'password'\t= 'geheim' # wie geheim\n",
        '#  smtp_url = "smtp://a:geheim@b"\n',
        '[[webhook]]\nurl = "https://geheim"\nsecret = "geheim"\n',
        'webhook = [{name = "a", url = "https://b", secret = "geheim"},\n {secret = "geheim"}]\n',
        '[database]\nurl = "postgresql://geheim"\r\n',
    ],
)
def test_no_secret_is_shown_however_it_is_written_and_every_line_keeps_its_number(
    text: str,
) -> None:
    lines = shown_lines(text)

    assert len(lines) == len(text.splitlines())
    assert "geheim" not in "\n".join(lines)
    passages = changed_lines(text, text.replace("geheim", "anders"))
    assert passages and "anders" not in str(passages)


def test_what_is_no_secret_is_shown_as_it_stands() -> None:
    text = SHIPPED.replace('# password = ""', "").replace('#   secret = "', '#   named = "')

    shown = shown_lines(text)

    hidden = [line for line, now in zip(text.splitlines(), shown, strict=True) if line != now]
    assert {line.split("=")[0].strip("# ") for line in hidden} <= SECRETS
