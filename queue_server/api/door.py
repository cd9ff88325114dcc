"""The door frame of every endpoint: read the body, say who may, answer, and be documented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import BadRequest as MalformedRequest

from queue_server.domain.errors import BadRequest, NotFound
from queue_server.web.wire import brief, plain

M = TypeVar("M", bound=BaseModel)
PREFIX = "/api/v1"
api = Blueprint("api", __name__, url_prefix=PREFIX)


class Body(BaseModel):
    """A request body: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """An empty object."""


@dataclass(frozen=True)
class Endpoint:
    """What the OpenAPI document tells of an endpoint. `refusals` are codes of problem documents."""

    method: str
    path: str
    who: str
    summary: str
    body: type[BaseModel] | None
    answers: Mapping[int, type[BaseModel] | None]
    refusals: tuple[str, ...]
    queries: Mapping[str, str]


ENDPOINTS: list[Endpoint] = []


def endpoint(
    method: str,
    path: str,
    *,
    who: str,
    body: type[BaseModel] | None = None,
    answers: Mapping[int, type[BaseModel] | None],
    refusals: tuple[str, ...] = (),
    queries: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a view on the API and in the OpenAPI document."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        summary = (view.__doc__ or "").strip().partition("\n")[0]
        ENDPOINTS.append(
            Endpoint(method, path, who, summary, body, answers, refusals, queries or {})
        )
        name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
        api.add_url_rule(path, name, view, methods=[method])
        return view

    return register


def read(model: type[M]) -> M:
    """The request's JSON body as this model; no body at all is an empty object.

    Raises `BadRequest` with each wrong field by name.
    """
    raw: Any = {}
    if request.get_data(cache=True).strip():
        raw = request.get_json(force=True)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise BadRequest(errors=[_problem(dict(item)) for item in error.errors()]) from None


def answer(model: BaseModel, status: int = 200, *, whole: bool = False) -> Response:
    """The model as JSON, without optional fields that are not there unless `whole`."""
    response = jsonify(plain(model) if whole else brief(model))
    response.status_code = status
    return response


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
    if item["type"] == "model_type":
        raise MalformedRequest()
    field = ".".join(str(part) for part in item["loc"])
    code = "unknown" if item["type"] == "extra_forbidden" else str(item["type"])
    return field, code, str(item["msg"])
