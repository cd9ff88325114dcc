"""Reading config.toml and the environment, and turning them into the sites of the domain."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from queue_server.domain.desk_rules import DeskRules
from queue_server.domain.hours import ALWAYS, Hours, SpecialDay
from queue_server.domain.kiosk import Kiosk, SlipWords
from queue_server.domain.site import (
    BookingRules,
    CheckinRules,
    Counter,
    Display,
    InformationPage,
    PriorityRules,
    Service,
    Site,
    TicketRules,
    VoiceRules,
)
from queue_server.domain.theme import Links, Theme
from queue_server.domain.webhook import Webhook
from queue_server.settings.checks import faults_in
from queue_server.settings.checks_wall import missing_files
from queue_server.settings.environment import named_secret, overriding
from queue_server.settings.lines import KeyPath, key_lines
from queue_server.settings.problems import ConfigError, Fault, NamedProblem, Origin, fault_of
from queue_server.settings.schema import ConfigFile, WebhookTable
from queue_server.settings.schema_site import (
    HoursTable,
    SiteTable,
    SlipTable,
    SpecialDayTable,
    VoiceTable,
)
from queue_server.settings.schema_wall import PageTable
from queue_server.settings.tables import tables_in
from queue_server.settings.translating import translations, with_own_words

DEFAULT_ZONE = "Europe/Berlin"
BYTE_ORDER_MARK = "\ufeff"
IN_ENVIRONMENT = "env:"


def read_config(
    path: Path, env: Mapping[str, str], text: str, *, with_files: bool = True
) -> ConfigFile:
    """The checked content of a file with this text and of the environment. Raises `ConfigError`.

    `with_files`: also that the pictures are there which it names.
    """
    # Editors on Windows begin a file with a byte order mark.
    text = text.removeprefix(BYTE_ORDER_MARK)
    raw = _parsed(path, text)
    values, variables, problems = overriding(env)
    _put(values, raw)
    config, faults = _checked(raw)
    if with_files:
        faults += missing_files(tables_in(raw, "site"), path.absolute().parent)
    if config is not None and not (faults or problems):
        # Nothing to tell, so nobody needs to know on which line anything stands.
        return config
    origin = Origin(str(path), raw, key_lines(text), variables)
    faults.sort(key=origin.line)
    told = {origin.sentence(fault): fault for fault in faults}
    named = {
        sentence: NamedProblem(fault.code, fault.facts, origin.line(fault))
        for sentence, fault in told.items()
    }
    raise ConfigError([*problems, *told], named)


def webhook_from(table: WebhookTable, env: Mapping[str, str]) -> Webhook:
    """Its secret is in the file, or in the variable that `env:NAME` names.

    Raises `ConfigError`.
    """
    values = table.values()
    if values["secret"].startswith(IN_ENVIRONMENT):
        name = values["secret"].removeprefix(IN_ENVIRONMENT)
        values["secret"] = named_secret(name, env)
    return Webhook(**values)


def config_text(path: Path) -> str:
    """The content of the file, to the byte. Raises `ConfigError`."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        hint = "begin with `aufruf example > config.toml`, or name a file in AUFRUF_CONFIG"
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
        sentence = f"{path} line {line}: this is not valid TOML: {what}"
        raise ConfigError([sentence], {sentence: NamedProblem("no_toml", {}, line)}) from None


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


def site_from(table: SiteTable, folder: Path) -> Site:
    """The site that a `[[site]]` table describes; its files are relative to `folder`."""
    parts = {
        "hours": _hours(table.hours),
        "tickets": TicketRules(**table.tickets.values()),
        "checkin": CheckinRules(**table.checkin.values()),
        "booking": BookingRules(**table.booking.values()),
        "priority": PriorityRules(**table.priority.values()),
        "voice": _voice(table.voice),
        "slip": _slip_words(table.slip),
        "desk": DeskRules(**table.desk.values()),
        "links": Links(**table.links.values()),
        "services": tuple(_services(table)),
        "counters": tuple(Counter(**counter.values()) for counter in table.counter),
        "displays": tuple(Display(**display.values()) for display in table.display),
        "kiosks": tuple(Kiosk(**kiosk.values()) for kiosk in table.kiosk),
        "special_days": tuple(_special_day(each) for each in table.special_day),
        "theme": Theme(**_with_file(table.theme.values(), "crest", folder)),
        "pages": tuple(_page(each, folder) for each in table.page),
        "translated": table.translated.by_language(),
    }
    # What is called otherwise in the domain, or stands among the parts.
    other = {"service", "counter", "display", "kiosk", "special_day", "timezone", "page"}
    own = {key: value for key, value in table.values().items() if key not in other}
    return Site(**own | parts, zone=table.timezone or ZoneInfo(DEFAULT_ZONE))


def always_open_site(site: Site) -> Site:
    """The same site, open day and night. Without a land there are no public holidays either."""
    return replace(site, hours=ALWAYS, land="", special_days=())


def _slip_words(table: SlipTable) -> SlipWords:
    return SlipWords(table.text or "", table.translated.by_language())


def _page(table: PageTable, folder: Path) -> InformationPage:
    own = {key: value for key, value in table.values().items() if key != "translated"}
    own = _with_file(own, "picture", folder)
    return InformationPage(**own, translated=table.translated.by_language())


def _with_file(values: dict[str, Any], key: str, folder: Path) -> dict[str, Any]:
    """The same values with the file under this key as an absolute path."""
    return values | ({key: str(folder / values[key])} if values.get(key) else {})


def _hours(table: HoursTable) -> Hours:
    days = (getattr(table, name) for name in HoursTable.model_fields)
    return Hours(days=tuple(tuple(spans) for spans in days))


def _services(table: SiteTable) -> Iterator[Service]:
    """A group is named once, at any of its services; the others take the name over."""
    names = {each.group: each.group_name for each in table.service if each.group_name}
    for each in table.service:
        own = {k: v for k, v in each.values().items() if k != "translated"}
        group_name = names.get(each.group, "")
        service = Service(**own | {"group_name": group_name, "translations": translations(each)})
        yield with_own_words(service, table.translated.by_language())


def _voice(table: VoiceTable) -> VoiceRules:
    named = {language: voice for language, voice in table.voices.values().items() if voice}
    return VoiceRules(**table.values() | {"voices": named})


def _special_day(table: SpecialDayTable) -> SpecialDay:
    return SpecialDay(table.day, tuple(table.hours), table.notice or "")
