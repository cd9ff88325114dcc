"""A key of config.toml as a field of a form: what it shows, what it says, what is wrong with it.

What a key may hold stands in the schema alone; here are only its German words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from queue_server.domain.site import Site
from queue_server.settings.schema import table_at
from queue_server.web.forms import many, text
from queue_server.web.wording import number

LONGEST_TEXT = 10_000
Options = Sequence[tuple[str, str]]
SPANS = re.compile(r"\s*(?:,|;|\bund\b)\s*")
DASH = re.compile(r"\s*[-–—]\s*")


@dataclass(frozen=True, slots=True)
class SetupField:
    """A key with its label. `kind` says how it is asked for; `below` names tables within the part.

    `section` is the heading that it stands under, `form_name` its name where the key can't be one.
    `options` are what there is to choose from, at a site. Without a `key` of the schema, which is
    `is_virtual`, the part itself knows what the answer means.
    """

    key: str
    label: str
    hint: str = ""
    kind: str = "line"
    below: tuple[str, ...] = ()
    options: Callable[[Site], Options] = lambda site: ()
    is_needed: bool = False
    is_virtual: bool = False
    is_for_admin: bool = False
    section: str = ""
    form_name: str = ""

    @property
    def name(self) -> str:
        """Its name and id in the form."""
        return self.form_name or "-".join((*self.below, self.key))


def shown(field: SetupField, value: Any) -> Any:
    """A value as the form shows it: a text, a list of what is chosen, whether a box is ticked."""
    if field.kind == "several":
        return list(value or ())
    if field.kind == "yes":
        return bool(value)
    if value is None:
        return ""
    if field.kind == "lines":
        return "\n".join(value)
    if field.kind == "spans":
        return ", ".join(value).replace("-", "–")
    if isinstance(value, float):
        return number(value, 6)
    return value.isoformat() if isinstance(value, date) else str(value)


def sent(field: SetupField) -> Any:
    """What the form says in this field, as `shown` gives it."""
    if field.kind == "several":
        return list(many(field.name))
    if field.kind == "yes":
        return text(field.name) == "1"
    return text(field.name, LONGEST_TEXT).replace("\r\n", "\n")


def toml(field: SetupField, said: Any) -> Any:
    """What was said, as config.toml holds it; None for nothing. What can't be read stays a text."""
    if field.kind in ("several", "yes"):
        return said
    if field.kind == "lines":
        return [line.strip() for line in said.splitlines() if line.strip()]
    if field.kind == "spans":
        return [DASH.sub("-", each.strip()) for each in SPANS.split(said) if each.strip()]
    if said == "":
        return None
    if field.kind == "whole":
        return int(said) if re.fullmatch(r"[0-9]{1,9}", said) else said
    if field.kind == "number":
        plain = said.replace(",", ".")
        return float(plain) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", plain) else said
    return f"{said}\n" if field.kind == "long" and "\n" in said else said


def fault(field: SetupField, value: Any, schema: tuple[str, ...]) -> str:
    """What is wrong with a value of the table `schema`, in a sentence; empty when nothing is."""
    if value in (None, "", []):
        return "Bitte füllen Sie dieses Feld aus." if field.is_needed else ""
    table = table_at((*schema, *field.below))
    if field.is_virtual or table is None or field.key not in table.known_keys():
        return ""
    info = table.known_keys()[field.key]
    kind: Any = info.annotation
    for limit in info.metadata:
        kind = Annotated[kind, limit]
    try:
        TypeAdapter[Any](kind).validate_python(value, strict=True)
    except ValidationError:
        return _sentence(field, info)
    return ""


def _sentence(field: SetupField, info: FieldInfo) -> str:
    limits = {name: getattr(each, name) for each in info.metadata
              for name in ("ge", "le", "max_length") if hasattr(each, name)}  # fmt: skip
    if field.kind in ("whole", "number"):
        kind = "eine ganze Zahl" if field.kind == "whole" else "eine Zahl"
        low, high = (number(limits.get(name, 0), 2) for name in ("ge", "le"))
        return f"Bitte geben Sie {kind} von {low} bis {high} an."
    if field.kind in SENTENCES:
        return SENTENCES[field.kind]
    if "max_length" in limits and get_origin(info.annotation) is not list:
        return f"Bitte schreiben Sie höchstens {limits['max_length']} Zeichen."
    return field.hint or "Das passt hier nicht."


SENTENCES = {
    "spans": "Bitte schreiben Sie Zeiten wie 08:00–12:00, 14:00–18:00, die sich nicht "
    "überschneiden.",
    "lines": "Bitte schreiben Sie höchstens 300 Zeichen in jede Zeile.",
    "day": "Bitte wählen Sie einen Tag.",
    "color": "Bitte geben Sie eine Farbe wie #00525c an, auf der weiße oder dunkle Schrift gut zu "
    "lesen ist (Kontrast mindestens 7 : 1).",
    "address": "Bitte geben Sie eine Adresse an, die mit https:// beginnt.",
    "choice": "Bitte wählen Sie etwas aus.",
    "several": "Bitte wählen Sie mindestens eins aus.",
    "id": "Bitte nehmen Sie kleine Buchstaben ohne Umlaute, Ziffern und Bindestriche.",
    "letter": "Bitte geben Sie einen Großbuchstaben von A bis Z an.",
}
