"""`GET /api/docs`: the OpenAPI document as a page to read, search and print.

Made here and not by a viewer: the well-kept ones are a megabyte of script, more or less, and show
nothing without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, make_response, render_template

from queue_server.api.openapi import document
from queue_server.settings import VERSION
from queue_server.web import language

Schema = Mapping[str, Any]
# A piece of text, and the model that it names, if it does.
Words = list[tuple[str, str]]
ENGLISH = "en"
PROBLEM = "application/problem+json"
LIMITS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "minimum": "from {}",
    "maximum": "to {}",
    "pattern": "matches {}",
    "default": "default {}",
}
SECTIONS = {
    "sites": "Sites",
    "tickets": "Numbers",
    "push": "Messages to phones",
    "appointments": "Appointments",
    "counters": "Counters",
    "help_calls": "Calls for help",
    "stops": "Ticket stop",
    "rules": "Calling rule",
    "statistics": "Statistics",
    "what_if": "What if",
}
room = Blueprint(
    "api_docs",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/api",
)


@dataclass(frozen=True, slots=True)
class FieldDoc:
    """A field of a model, or a parameter; `place` is where a parameter stands."""

    name: str
    kind: Words
    is_required: bool
    notes: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class AnswerDoc:
    status: str
    kind: Words
    refusals: str


@dataclass(frozen=True, slots=True)
class OperationDoc:
    id: str
    section: str
    method: str
    path: str
    summary: str
    who: str
    scopes: tuple[str, ...]
    parameters: tuple[FieldDoc, ...]
    body: Words
    answers: tuple[AnswerDoc, ...]


@dataclass(frozen=True, slots=True)
class ModelDoc:
    name: str
    about: str
    fields: tuple[FieldDoc, ...]


@room.get("/api/docs")
def docs() -> Response:
    """Every address, what it takes and answers, and every model."""
    language.speak_only(ENGLISH)
    operations, models, hook = _pages()
    sections = {
        words: [one for one in operations if one.section == key] for key, words in SECTIONS.items()
    }
    return make_response(
        render_template(
            "api/docs.html", sections=sections, models=models, hook=hook, version=VERSION
        )
    )  # fmt: skip


@lru_cache(maxsize=1)
def _pages() -> tuple[list[OperationDoc], list[ModelDoc], Words]:
    found = document()
    operations = [
        _operation(path, method, told)
        for path, methods in found["paths"].items()
        for method, told in methods.items()
    ]
    schemas = found["components"]["schemas"]
    models = [_model(name, schemas[name]) for name in sorted(schemas)]
    # All webhooks have the same body.
    return operations, models, _body(next(iter(found["webhooks"].values()))["post"])


def _operation(path: str, method: str, told: Schema) -> OperationDoc:
    ways = {name: scopes for way in told["security"] for name, scopes in way.items()}
    id = told["operationId"]
    return OperationDoc(
        id=id,
        section=next(key for key in SECTIONS if id.startswith(f"{key}_")),
        method=method.upper(),
        path=path,
        summary=told["summary"],
        who=told["description"].removeprefix("Who: ").removesuffix("."),
        scopes=tuple(ways.get("program", ())),
        parameters=tuple(map(_parameter, told["parameters"])),
        body=_body(told),
        answers=tuple(_answer(status, each) for status, each in told["responses"].items()),
    )


def _parameter(told: Schema) -> FieldDoc:
    notes = ", ".join(filter(None, (told.get("description", ""), _limits(told["schema"]))))
    return FieldDoc(told["name"], _kind(told["schema"]), told["required"], notes, told["in"])


def _body(told: Schema) -> Words:
    content = told.get("requestBody", {}).get("content", {})
    words: Words = []
    for kind, each in content.items():
        words += [(" or " if words else "", ""), *_content(kind, each)]
    return words


def _answer(status: str, told: Schema) -> AnswerDoc:
    kinds: Words = []
    for kind, each in told.get("content", {}).items():
        kinds += [(" or " if kinds else "", ""), *_content(kind, each)]
    description = told["description"].removeprefix("Done").strip()
    return AnswerDoc(status, kinds, description)


def _content(kind: str, told: Schema) -> Words:
    if kind in ("application/json", PROBLEM):
        return _kind(told["schema"])
    return [(kind, "")]


def _model(name: str, schema: Schema) -> ModelDoc:
    required = set(schema.get("required", ()))
    fields = tuple(
        FieldDoc(key, _kind(each), key in required, _notes(each))
        for key, each in schema.get("properties", {}).items()
    )
    return ModelDoc(name, schema.get("description", ""), fields)


def _notes(schema: Schema) -> str:
    return ", ".join(filter(None, (schema.get("description", ""), _limits(schema))))


def _limits(schema: Schema) -> str:
    inner = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    both = {**(inner[0] if len(inner) == 1 else {}), **schema}
    found = (
        words.format(both[key])
        for key, words in LIMITS.items()
        if both.get(key) not in (None, [], {})
    )
    return ", ".join(found)


def _kind(schema: Schema) -> Words:
    """What a value is, in words: `list of Ticket`, `text or nothing`."""
    return [(text, model) for text, model in _pieces(schema) if text]


def _pieces(schema: Schema) -> Iterator[tuple[str, str]]:
    if "$ref" in schema:
        model = schema["$ref"].rpartition("/")[2]
        yield model, model
    elif "anyOf" in schema:
        for place, each in enumerate(schema["anyOf"]):
            yield " or " if place else "", ""
            yield from _pieces(each)
    elif "enum" in schema or "const" in schema:
        yield " | ".join(map(str, schema.get("enum", [schema.get("const")]))), ""
    elif schema.get("type") == "array":
        yield "list of ", ""
        yield from _pieces(schema.get("items", {}))
    else:
        yield _plain(schema), ""


def _plain(schema: Schema) -> str:
    names = {
        "string": schema.get("format", "text"),
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "null": "nothing",
        "object": "object",
    }
    return str(names.get(str(schema.get("type", "")), "any value"))
