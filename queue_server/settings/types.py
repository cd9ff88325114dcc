"""What a table of config.toml is made of. Every key says in words what it expects.

A key that the file leaves out is left out of `values()`, too, so that its default stands in one
place only: the dataclass that is made of the table.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, PlainValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from queue_server.domain.hours import Span

MIDNIGHT = 24 * 60
OMITTED: Any = None
REQUIRED: Any = ...


class Table(BaseModel):
    """A table of the file. Unknown keys are refused, types are strict."""

    # Built when the whole file is checked: building each table separately would be wasted.
    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)

    @classmethod
    def known_keys(cls) -> dict[str, FieldInfo]:
        """Every key as it is spelled in the file."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}

    def values(self) -> dict[str, Any]:
        """The keys that stand in the file, lists as tuples: arguments of the dataclass."""
        written = {name: getattr(self, name) for name in self.model_fields_set}
        return {k: tuple(v) if isinstance(v, list) else v for k, v in written.items()}

    @classmethod
    def table_of(cls, name: str) -> type[Table] | None:
        """The kind of table that stands under this key; None for a plain value."""
        kind = cls.known_keys()[name].annotation
        inner = next(iter(get_args(kind)), kind)
        return inner if isinstance(inner, type) and issubclass(inner, Table) else None


def key(
    words: str, *, each: str = "", default: Any = OMITTED, secret: bool = False, **limits: Any
) -> Any:
    """A key that expects `words`, and `each` of the entries when it is a list.

    No message shows the value of a secret, and AUFRUF_…_FILE may bring it.
    """
    notes: dict[str, JsonValue] = {"each": each, "secret": secret}
    return Field(default, description=words, json_schema_extra=notes, **limits)


def is_secret(field: FieldInfo) -> bool:
    notes = field.json_schema_extra
    return isinstance(notes, dict) and bool(notes.get("secret"))


def words_of(field: FieldInfo, *, entry: bool) -> str:
    """What this key, or an entry of its list, expects."""
    notes = field.json_schema_extra
    each = str(notes.get("each", "")) if isinstance(notes, dict) else ""
    return each if entry and each else field.description or "another value"


def whole(low: int, high: int, *, default: Any = OMITTED) -> Any:
    """A whole number of this range."""
    return key(f"a whole number from {low} to {high}", default=default, ge=low, le=high)


def number(low: float, high: float) -> Any:
    """A number of this range, with or without decimals."""
    return key(f"a number from {low:g} to {high:g}", ge=low, le=high)


def yes_no() -> Any:
    return key("true or false")


def text(most: int = 200, *, least: int = 0, default: Any = OMITTED, secret: bool = False) -> Any:
    """One line of text."""
    words = f"a text of {least} to {most} characters on one line"
    line = r"^[^\x00-\x1f]*$" if least == 0 else r"^[^\x00-\x1f]*[^\s\x00-\x1f][^\x00-\x1f]*$"
    return key(words, default=default, secret=secret, max_length=most, pattern=line)


def matching(pattern: str, words: str, **notes: Any) -> Any:
    """A text that fits the pattern from end to end."""
    return key(words, pattern=f"^(?:{pattern})$", **notes)


def choice(*options: str) -> Any:
    """One of these words."""
    return matching("|".join(map(re.escape, options)), one_of(options))


def one_of(options: tuple[str, ...]) -> str:
    """The options in words."""
    return "one of " + ", ".join(f'"{option}"' for option in options)


def said(sentence: str, code: str, **facts: object) -> PydanticCustomError:
    """The value is refused with its own sentence; by code and facts others word it themselves."""
    return PydanticCustomError("said", "{words}", {"words": sentence, "code": code, "facts": facts})


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    # Reading the port is what checks it.
    if value and not (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0):
        raise ValueError(value)
    return value.rstrip("/")


def _link(value: str) -> str:
    """As `_web_address`, but kept as it is: a slash at the end may matter to another server."""
    _web_address(value)
    return value


def _origin(value: str) -> str:
    """The origin of a page as browsers write it: without a path, and without the usual port."""
    found = re.fullmatch(r"(https?)://([a-z0-9.-]+)(?::([0-9]{1,5}))?/?", value.lower())
    if found is None or not 0 < int(found[3] or 1) < 65536:
        raise ValueError(value)
    is_usual = found[3] in (None, {"http": "80", "https": "443"}[found[1]])
    return f"{found[1]}://{found[2]}" + ("" if is_usual else f":{int(found[3])}")


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (LookupError, OSError, TypeError):
        raise ValueError(value) from None


def _span(value: Any) -> Span:
    clock = re.fullmatch(r"([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])", str(value))
    if clock is None:
        raise ValueError(value)
    hour, minute, end_hour, end_minute = map(int, clock.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if not start < end <= MIDNIGHT:
        raise ValueError(value)
    return Span(start, end)


def _local_day(value: Any) -> date:
    """A TOML date, or its text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    # date.fromisoformat() understands more ways to write a day than there should be.
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(value)
    return date.fromisoformat(value)


def _without_overlap(spans: list[Span]) -> list[Span]:
    ordered = sorted(spans, key=lambda span: span.start)
    if any(later.start < earlier.end for earlier, later in zip(ordered, ordered[1:], strict=False)):
        raise said("these opening hours overlap", "overlap")
    return ordered


LocalDay = Annotated[date, PlainValidator(_local_day)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Link = Annotated[str, AfterValidator(_link)]
Origin = Annotated[str, AfterValidator(_origin)]
TimeZone = Annotated[ZoneInfo, PlainValidator(_zone)]
OpeningSpans = Annotated[
    list[Annotated[Span, PlainValidator(_span)]], AfterValidator(_without_overlap)
]
