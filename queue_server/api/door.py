"""The door frame of every endpoint: read the body, say who may, answer, and be documented."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Strict,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import BadRequest as MalformedRequest

from queue_server.domain.errors import BadRequest, NotFound

M = TypeVar("M", bound=BaseModel)
PREFIX = "/api/v1"
YEARS = range(2000, 2100)
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
api = Blueprint("api", __name__, url_prefix=PREFIX)

# The codes of wrong fields in `errors[]`; whatever is not named here has the wrong type.
FIELD_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "literal_error": "unknown",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_few",
    "too_long": "too_many",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "string_pattern_mismatch": "format",
    "datetime_parsing": "format",
    "timezone_aware": "format",
    "format": "format",
    "address": "address",
}


class Body(BaseModel):
    """A request body: unknown fields are refused by name, types are taken at their word."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _written_out(value: Any) -> Any:
    # Left alone, seconds since 1970 would pass too.
    if not isinstance(value, str):
        raise PydanticCustomError("type", "not a text")
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]", value):
        raise PydanticCustomError("format", "not RFC 3339")
    return value


def _of_our_time(value: datetime) -> datetime:
    # Calendar arithmetic near the ends of time overflows.
    if value.year not in YEARS:
        raise PydanticCustomError("format", "out of range")
    return value


Moment = Annotated[
    AwareDatetime, Strict(False), BeforeValidator(_written_out), AfterValidator(_of_our_time)
]
"""A time in a body: RFC 3339 with offset, in this century."""


class Nothing(Body):
    """An empty object."""


@dataclass(frozen=True)
class Parameter:
    """A parameter outside the path; `place` is `query` or `header`."""

    name: str
    description: str
    schema: Mapping[str, Any]
    place: str = "query"
    required: bool = False


@dataclass(frozen=True)
class Endpoint:
    """What the OpenAPI document tells of an endpoint.

    `refusals` are codes of problem documents; those of the door frame itself (signed out, wrong
    body, …) need not be named. `upload` is the multipart field that may come instead of the body,
    `others` are media types in which the answer also comes, besides JSON.
    """

    method: str
    path: str
    who: str
    name: str
    summary: str
    body: type[BaseModel] | None
    answers: Mapping[int, type[BaseModel] | None]
    refusals: tuple[str, ...]
    parameters: tuple[Parameter, ...] = field(default=())
    upload: str | None = None
    others: tuple[str, ...] = ()


ENDPOINTS: list[Endpoint] = []


def endpoint(
    method: str,
    path: str,
    *,
    who: str,
    body: type[BaseModel] | None = None,
    answers: Mapping[int, type[BaseModel] | None],
    refusals: tuple[str, ...] = (),
    parameters: tuple[Parameter, ...] = (),
    upload: str | None = None,
    others: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a view on the API and in the OpenAPI document."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        summary = (view.__doc__ or "").strip().partition("\n")[0]
        name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
        told = (body, answers, refusals, parameters, upload, others)
        ENDPOINTS.append(Endpoint(method, path, who, name, summary, *told))
        api.add_url_rule(path, name, view, methods=[method])
        return view

    return register


def read(model: type[M]) -> M:
    """The request's JSON body as this model; no body at all is an empty object.

    Raises `BadRequest` with each wrong field by name.
    """
    raw = request.get_data(cache=True).strip() or b"{}"
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        raise BadRequest(errors=[_problem(dict(item)) for item in wrong]) from None


def answer(model: BaseModel, status: int = 200, *, whole: bool = False) -> Response:
    """The model as JSON, without optional fields that are not there unless `whole`."""
    text = model.model_dump_json(exclude_none=not whole)
    return Response(text, status, mimetype="application/json")


def nothing() -> Response:
    """204: done, and there is nothing to say."""
    return Response(status=204)


def number(text: str) -> int:
    """An id from the path or a body; anything but digits is no such thing (404)."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NotFound()
    return int(text)


def header(name: str, longest: int) -> str | None:
    """An optional request header. Raises `BadRequest` when it is longer than allowed."""
    value = request.headers.get(name)
    if value is not None and not 1 <= len(value) <= longest:
        raise BadRequest(errors=[(name, "length", f"1 bis {longest} Zeichen")])
    return value


def _problem(item: dict[str, Any]) -> tuple[str, str, str]:
    """The field's name, the code of its problem, and the limit that it broke."""
    if item["type"] in ("json_invalid", "model_type"):
        raise MalformedRequest()
    name = ".".join(str(part) for part in item["loc"])
    facts = item.get("ctx", {})
    limits = ("min_length", "max_length", "ge", "le")
    limit = next((str(facts[key]) for key in limits if key in facts), "")
    return name, FIELD_CODES.get(item["type"], "type"), limit
