"""What every endpoint does: read the body, say who may, answer, and be documented."""

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
from queue_server.domain.site import Site
from queue_server.store.identities import Clerk
from queue_server.store.transaction import Store
from queue_server.web.app_context import AppContext, app_context
from queue_server.web.forms import whole
from queue_server.web.identity import RANKS, require_clerk, require_kiosk_or_clerk

M = TypeVar("M", bound=BaseModel)
View = TypeVar("View", bound=Callable[..., Response])
PREFIX = "/api/v1"
# Somebody may send thousands of unknown fields; nobody reads about all of them.
MOST_PROBLEMS = 50
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

    `refusals` are codes of problem documents; those of every endpoint (signed out, wrong body,
    …) need not be named. `upload` is the multipart field that may come instead of the body,
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was let in: at this site, by this clerk, as of now.

    A holder's token names no site, and only clerks are clerks; whoever asks for what is not there
    has registered the wrong endpoint. `by` is who acts, as the journal names them.
    """

    context: AppContext
    now: datetime
    at: Site | None = None
    requester: Clerk | None = None
    by: str = ""

    @property
    def store(self) -> Store:
        return self.context.store

    @property
    def site(self) -> Site:
        assert self.at is not None
        return self.at

    @property
    def clerk(self) -> Clerk:
        assert self.requester is not None
        return self.requester


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
    is_hidden: bool = False,
    gate: Callable[[Asked], None] | None = None,
) -> Callable[[View], View]:
    """Register a view on the API and in the OpenAPI document.

    It is called with the request, once whoever asks may ask, with the body if there is one that
    says anything, and with what else stands in the path. Of a site that `is_hidden`, strangers do
    not even learn whether it exists. A `gate` refuses before anybody looks into the body.
    """

    def register(view: View) -> View:
        summary = (view.__doc__ or "").strip().partition("\n")[0]
        name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
        told = (body, answers, refusals, parameters, upload, others)
        ENDPOINTS.append(Endpoint(method, path, who, name, summary, *told))
        asks = _Endpoint(view, who, None if upload else body, is_hidden, gate)
        api.add_url_rule(path, name, asks, methods=[method])
        return view

    return register


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """Who may ask is said first, then what is wrong with the body, then what is not there."""

    view: Callable[..., Response]
    who: str
    body: type[BaseModel] | None
    is_hidden: bool
    gate: Callable[[Asked], None] | None

    def __call__(self, **path: Any) -> Response:
        asked = self._let_in(path)
        if self.gate:
            self.gate(asked)
        body = read(self.body) if self.body else None
        if "id" in path:
            path["id"] = number(path["id"])
        given = [] if body is None or isinstance(body, Nothing) else [body]
        return self.view(asked, *given, **path)

    def _let_in(self, path: dict[str, Any]) -> Asked:
        """Raises `NotSignedIn`, `NotAllowed`, `NotFound`."""
        context, by = app_context(), "clerk"
        if self.is_hidden or "counter" in path or "id" in path:
            require_clerk()
        site = _site_of(context, path)
        if "kiosk" in self.who and site is not None:
            by = require_kiosk_or_clerk(site)
        is_locked = self.who in RANKS
        clerk = require_clerk(site, role=self.who) if is_locked else None
        return Asked(context, context.now(), site, clerk, by)


def _site_of(context: AppContext, path: dict[str, Any]) -> Site | None:
    """Where the request is about; a ticket's id counts at the clerk's own site."""
    if "site" in path:
        return context.site(path.pop("site"))
    if "counter" in path:
        return context.settings.site_of_counter(path["counter"])
    return context.site(require_clerk().site) if "id" in path else None


def read(model: type[M]) -> M:
    """The request's JSON body as this model; no body at all is an empty object.

    Raises `BadRequest` with each wrong field by name, up to MOST_PROBLEMS of them.
    """
    raw = request.get_data(cache=True).strip() or b"{}"
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        raise BadRequest(errors=[_problem(dict(item)) for item in wrong[:MOST_PROBLEMS]]) from None


def answer(model: BaseModel, status: int = 200, *, whole: bool = False) -> Response:
    """The model as JSON, without optional fields that are not there unless `whole`."""
    text = model.model_dump_json(exclude_none=not whole)
    return Response(text, status, mimetype="application/json")


def nothing() -> Response:
    """204: done, and there is nothing to say."""
    return Response(status=204)


def number(text: str) -> int:
    """An id from the path or a body; anything but digits is no such thing (404)."""
    found = whole(text)
    if found is None:
        raise NotFound()
    return found


def header(name: str) -> str | None:
    """An optional request header. Raises `BadRequest` when it is there and empty."""
    value = request.headers.get(name)
    if value == "":
        raise BadRequest(errors=[(name, "missing", "")])
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
