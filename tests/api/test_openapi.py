"""The OpenAPI document is valid, complete, and true: a robot that reads it finds no surprise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks as specified
from werkzeug.test import TestResponse

from queue_server.api.openapi import document
from queue_server.domain import errors
from queue_server.web.errors import CONFLICT, STATUS
from tests.api.endpoints import API, ENDPOINTS, Endpoint
from tests.office import Office, make_office

EXAMPLES = 10
KNOWN = {"site": "rathaus", "counter": "schalter-1", "id": "1"}
CHECKS = [
    schemathesis.checks.not_a_server_error,
    specified.status_code_conformance,
    specified.content_type_conformance,
    specified.response_schema_conformance,
    specified.negative_data_rejection,
]
DOCUMENT = document()


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
    }


def trials() -> list[tuple[str, str, GenerationMode]]:
    """Rightly everywhere; wrongly wherever there is something to be wrong."""
    return [
        (method, path, mode)
        for (method, path), operation in sorted(operations().items())
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or "requestBody" in operation or "slots" in path
    ]


def _without_security(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key != "security"}
        return {key: _without_security(item) for key, item in kept.items()}
    return value


def test_every_route_is_in_the_document_and_nothing_else(office: Office) -> None:
    routes = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in office.app.url_map.iter_rules()
        if rule.rule.startswith(f"{API}/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert routes - {("GET", f"{API}/openapi.json")} == operations().keys()


def test_the_document_is_a_valid_one(office: Office) -> None:
    answer = office.visitor().get(f"{API}/openapi.json")

    assert answer.json["openapi"] == "3.1.0" and answer.json["info"]["version"]
    for name, model in answer.json["components"]["schemas"].items():
        assert "title" in model, name
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema",
                                     **model})  # fmt: skip


def test_every_reference_leads_somewhere() -> None:
    references = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(DOCUMENT)))

    assert references == DOCUMENT["components"]["schemas"].keys()


def test_every_operation_has_a_name_of_its_own_and_a_sentence() -> None:
    names = [operation["operationId"] for operation in operations().values()]

    assert len(names) == len(set(names))
    assert all(operation["summary"].endswith(".") for operation in operations().values())


def test_every_named_refusal_exists_and_stands_at_its_status() -> None:
    codes = {c.code for c in vars(errors).values() if isinstance(c, type) and hasattr(c, "code")}
    for operation in operations().values():
        for status, answer in operation["responses"].items():
            for code in re.findall(r"`(\w+)`", answer["description"]):
                assert code in codes
                assert status == "400" or int(status) == STATUS.get(code, CONFLICT)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
def test_what_really_is_answered_is_what_the_document_says(
    office: Office, aylin: FlaskClient, endpoint: Endpoint
) -> None:
    scene = endpoint.stage(office, aylin)
    requester = office.signed_in("Lea") if endpoint.who == "lead" else aylin
    for _ in ("works", "the same once more"):
        _must_be_documented(endpoint, endpoint.ask(requester, scene))
    _must_be_documented(endpoint, endpoint.ask(office.visitor(), scene))


def _must_be_documented(endpoint: Endpoint, answer: TestResponse) -> None:
    path = (API + endpoint.path).replace("rathaus", "{site}").replace("schalter-1", "{counter}")
    path = re.sub(r"\{appointment\}", "{token}", path)
    responses = operations()[endpoint.method, path]["responses"]
    assert str(answer.status_code) in responses, answer.text
    described = responses[str(answer.status_code)]
    if answer.data:
        assert answer.mimetype in described["content"]
        schema = {**described["content"][answer.mimetype]["schema"],
                  "components": DOCUMENT["components"]}  # fmt: skip
        jsonschema_rs.validate(schema, answer.json)
    if answer.status_code >= 400:
        assert f"`{answer.json['code']}`" in described["description"]


@pytest.fixture(scope="module")
def robot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Robot]:
    office = make_office(tmp_path_factory.mktemp("robot"))
    aylin = office.signed_in("Aylin", "schalter-1")
    cookie = aylin.get_cookie("aufruf_session")
    assert cookie is not None
    # The robot is always signed in: leaving the cookie out is no wrong request of its making.
    schema = schemathesis.openapi.from_dict(_without_security(DOCUMENT))
    schema.app = office.app
    yield Robot(schema, {"aufruf_session": cookie.value})
    office.store.close()


@dataclass(frozen=True)
class Robot:
    """Somebody signed in who reads the document and tries whatever it allows, and forbids."""

    schema: schemathesis.BaseSchema
    cookies: dict[str, str]


@pytest.mark.parametrize(("method", "path", "mode"), trials(), ids=str)
def test_a_robot_finds_no_fault_and_no_undocumented_answer(
    robot: Robot, method: str, path: str, mode: GenerationMode
) -> None:
    operation = robot.schema[path][method]
    known = {name: value for name, value in KNOWN.items() if f"{{{name}}}" in path}
    cases = operation.as_strategy(mode, path_parameters=known)

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
              phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=cases)
    def try_out(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, cookies=robot.cookies)

    try_out()
