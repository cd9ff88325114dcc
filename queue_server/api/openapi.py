"""`GET /api/v1/openapi.json`: the OpenAPI 3.1 document, made from the registered endpoints."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from flask import Response, jsonify
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from queue_server.api.blueprint import ENDPOINTS, PREFIX, Endpoint, api
from queue_server.api.webhook_document import HookMessage, webhooks
from queue_server.settings import VERSION
from queue_server.web.errors import CONFLICT, STATUS
from queue_server.web.guard import SAFE
from queue_server.web.identity import SESSION_COOKIE
from queue_server.web.models import SlotOut
from queue_server.web.refusals import title

REFERENCE = "#/components/schemas/{model}"
# By what they are known; a lead is a clerk with more rights.
SIGNED_IN = {"clerk": "clerk", "lead": "clerk", "kiosk": "kiosk"}
SCOPES_OF = {"kiosk": ["kiosk"], "clerk": ["clerk", "lead"], "lead": ["lead"]}


class ProblemField(BaseModel):
    field: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457: why the request was refused; `code` is stable.

    `request_id` names this request in the server's log. `errors` names wrong fields; `why`,
    `reason` and `next_slot` come with `not_issuing`.
    """

    status: int
    title: str
    detail: str
    code: str
    request_id: str
    errors: list[ProblemField] | None = None
    why: str | None = None
    reason: str | None = None
    next_slot: SlotOut | None = None


@api.get("/openapi.json")
def openapi() -> Response:
    """This document."""
    return jsonify(document())


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The whole OpenAPI document."""
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        path = PREFIX + re.sub(r"<(\w+)>", r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Aufruf", "version": VERSION, "license": {"name": "EUPL-1.2"}},
        "paths": paths,
        "webhooks": webhooks(REFERENCE),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "clerk": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
                "kiosk": {"type": "http", "scheme": "bearer"},
                "program": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of `aufruf token add`, with one of the named scopes.",
                },
            },
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"Who: {endpoint.who}.",
        "parameters": _parameters(endpoint),
        "responses": _responses(endpoint),
        "security": _security(endpoint),
    }
    if endpoint.body is not None:
        operation["requestBody"] = _request_body(endpoint)
    return operation


def _request_body(endpoint: Endpoint) -> dict[str, Any]:
    assert endpoint.body is not None
    content: dict[str, Any] = _json(endpoint.body)
    if endpoint.upload is not None:
        content["multipart/form-data"] = {
            "schema": {
                "type": "object",
                "properties": {endpoint.upload: {"type": "string", "contentMediaType": "image/*"}},
                "required": [endpoint.upload],
                "additionalProperties": False,
            }
        }
    # No body at all is an empty object.
    required = any(field.is_required() for field in endpoint.body.model_fields.values())
    return {"content": content, "required": required}


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(\w+)>", endpoint.path)
    ]
    others = [
        {
            "name": parameter.name,
            "in": parameter.place,
            "description": parameter.description,
            "required": parameter.required,
            "schema": dict(parameter.schema),
        }
        for parameter in endpoint.parameters
    ]
    return in_path + others


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    responses = {
        str(status): {
            "description": "Done",
            **({"content": _content(endpoint, model)} if model else {}),
        }
        for status, model in endpoint.answers.items()
    }
    for status, code in _refusals(endpoint):
        refusal = responses.setdefault(
            status,
            {"description": "", "content": {"application/problem+json": _schema(Problem)}},
        )
        refusal["description"] = f"{refusal['description']} `{code}` ({title(code)})".strip()
    return responses


def _refusals(endpoint: Endpoint) -> list[tuple[str, str]]:
    """Status and code of every refusal: its own, and those that every endpoint has."""
    codes = [*endpoint.refusals]
    if _security(endpoint):
        codes += ["not_signed_in", "not_allowed"]
    if "<" in endpoint.path:
        codes.append("not_found")
    if endpoint.body is not None or endpoint.parameters:
        codes.append("bad_request")
    if endpoint.body is not None:
        codes.append("too_large")
    if endpoint.method not in SAFE:
        codes.append("foreign_origin")
    found = {(str(STATUS.get(code, CONFLICT)), code) for code in codes}
    if endpoint.body is not None:
        found.add(("400", "bad_request"))
    return sorted(found)


def _security(endpoint: Endpoint) -> list[dict[str, list[str]]]:
    """By what one may be known here: one of these is enough."""
    names = [name for name in endpoint.who.split(", ") if name in SIGNED_IN]
    scopes = [scope for name in names for scope in SCOPES_OF[name]]
    if "clerk" in names and endpoint.method in SAFE:
        scopes.insert(0, "read")
    known = [{SIGNED_IN[name]: list[str]()} for name in names]
    return [*known, {"program": list(dict.fromkeys(scopes))}] if known else []


def _content(endpoint: Endpoint, model: type[BaseModel]) -> dict[str, Any]:
    """JSON, and the same as text of another kind where there is one."""
    return _json(model) | {kind: {"schema": {"type": "string"}} for kind in endpoint.others}


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": _schema(model)}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}


def _schemas() -> dict[str, Any]:
    answers: set[type[BaseModel]] = {Problem}
    bodies: set[type[BaseModel]] = {HookMessage}
    for endpoint in ENDPOINTS:
        answers |= {model for model in endpoint.answers.values() if model}
        bodies |= {endpoint.body} if endpoint.body else set()
    modes = [(model, "serialization") for model in _by_name(answers)]
    modes += [(model, "validation") for model in _by_name(bodies)]
    _, schema = models_json_schema(modes, ref_template=REFERENCE)  # type: ignore[arg-type]
    definitions: dict[str, Any] = schema["$defs"]
    return definitions


def _by_name(models: set[type[BaseModel]]) -> list[type[BaseModel]]:
    return sorted(models, key=lambda model: model.__name__)
