"""`GET /api/v1/openapi.json`: the OpenAPI 3.1 document, made from the registered endpoints."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from flask import Response, jsonify
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from queue_server.api.door import ENDPOINTS, PREFIX, Endpoint, api
from queue_server.settings import VERSION
from queue_server.web.errors import CONFLICT, STATUS
from queue_server.web.models import SlotOut
from queue_server.web.wording import title

REFERENCE = "#/components/schemas/{model}"


class ProblemField(BaseModel):
    field: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457: why the request was refused; `code` is stable."""

    status: int
    title: str
    detail: str
    code: str
    errors: list[ProblemField] | None = None
    why: str | None = None
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
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "clerk": {"type": "apiKey", "in": "cookie", "name": "aufruf_session"},
                "device": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "description": f"Who: {endpoint.who}.",
        "parameters": _parameters(endpoint),
        "responses": _responses(endpoint),
        "security": _security(endpoint.who),
    }
    if endpoint.body is not None:
        operation["requestBody"] = {"content": _json(endpoint.body)}
    return operation


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(\w+)>", endpoint.path)
    ]
    in_query = [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in endpoint.queries.items()
    ]
    return in_path + in_query


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    responses = {
        str(status): {"description": "Done", **({"content": _json(model)} if model else {})}
        for status, model in endpoint.answers.items()
    }
    for code in endpoint.refusals:
        status = str(STATUS.get(code, CONFLICT))
        refusal = responses.setdefault(
            status,
            {"description": "", "content": {"application/problem+json": _schema(Problem)}},
        )
        refusal["description"] = f"{refusal['description']} `{code}` ({title(code)})".strip()
    return responses


def _security(who: str) -> list[dict[str, list[str]]]:
    needs = {"clerk": "clerk", "kiosk": "device", "lead": "clerk"}
    return [{needs[name]: []} for name in who.split(", ") if name in needs]


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": _schema(model)}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}


def _schemas() -> dict[str, Any]:
    models: set[type[BaseModel]] = {Problem}
    for endpoint in ENDPOINTS:
        models |= {model for model in (endpoint.body, *endpoint.answers.values()) if model}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schema = models_json_schema(
        [(model, "serialization") for model in ordered], ref_template=REFERENCE
    )
    definitions: dict[str, Any] = schema["$defs"]
    return definitions
