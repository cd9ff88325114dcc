"""Every endpoint: works, wrong method, signed out, other site, unknown, twice."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from queue_server.api import blueprint
from queue_server.store import journal
from tests.api.endpoints import API, ENDPOINTS, LOCKED, WITH_BODY, Endpoint, Scene
from tests.api.problems import problem, wrong_fields
from tests.office import Office

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
every_locked_endpoint = pytest.mark.parametrize("endpoint", LOCKED, ids=str)
every_endpoint_with_a_body = pytest.mark.parametrize("endpoint", WITH_BODY, ids=str)
NO_OBJECTS = (b"{", b"[]", b"1", b"\xff", b"[" * 50_000, b'"\\ud800"', b"{'services': 1}")


def clerk_request(office: Office, aylin: FlaskClient, endpoint: Endpoint) -> FlaskClient:
    """The client for whom the endpoint is made."""
    if endpoint.who == "clerk":
        return aylin
    if endpoint.who == "lead":
        return office.signed_in("Lea")
    return office.kiosk() if endpoint.who == "kiosk" else office.visitor()


def versions(office: Office) -> tuple[int, ...]:
    with office.store.snapshot() as snapshot:
        return tuple(journal.version(snapshot, site) for site in ("rathaus", "nordend"))


def test_every_endpoint_stands_in_the_table() -> None:
    in_table = {(endpoint.method, _anonymous(endpoint.path)) for endpoint in ENDPOINTS}

    assert {
        (end.method, re.sub(r"<\w+>", "*", end.path)) for end in blueprint.ENDPOINTS
    } == in_table


@every_endpoint
def test_it_works(office: Office, aylin: FlaskClient, endpoint: Endpoint) -> None:
    scene = endpoint.stage(office, aylin)

    assert (
        endpoint.ask(clerk_request(office, aylin, endpoint), scene).status_code == endpoint.status
    )


@every_endpoint
def test_the_same_request_twice_has_a_defined_answer(
    office: Office, aylin: FlaskClient, endpoint: Endpoint
) -> None:
    scene = endpoint.stage(office, aylin)
    client = clerk_request(office, aylin, endpoint)
    endpoint.ask(client, scene)

    assert endpoint.ask(client, scene).status_code == endpoint.twice


@every_endpoint
def test_the_wrong_method_is_refused_and_told_the_right_ones(
    quiet_aylin: FlaskClient, endpoint: Endpoint
) -> None:
    answer = quiet_aylin.patch(API + _estranged(endpoint.path))

    problem(answer, 405, "method_not_allowed")
    assert endpoint.method in answer.headers["Allow"]


@every_locked_endpoint
def test_whoever_is_signed_out_changes_nothing(
    office: Office, aylin: FlaskClient, endpoint: Endpoint
) -> None:
    scene = endpoint.stage(office, aylin)
    before = versions(office)

    answer = endpoint.ask(office.visitor(), scene)
    problem(answer, 401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert versions(office) == before


@every_locked_endpoint
def test_a_clerk_of_another_site_changes_nothing(
    office: Office, aylin: FlaskClient, endpoint: Endpoint
) -> None:
    scene = endpoint.stage(office, aylin)
    clara = office.signed_in("Clara")
    assert clara.get(f"{API}/sites/nordend/queue").status_code == 200, "she is the outsider"
    before = versions(office)

    # Another site's ticket is no ticket at all.
    refusal = (404, "not_found") if "/tickets/" in endpoint.path else (403, "not_allowed")
    problem(endpoint.ask(clara, scene), *refusal)
    assert versions(office) == before


@every_locked_endpoint
def test_a_kiosk_of_another_site_changes_nothing(
    office: Office, aylin: FlaskClient, endpoint: Endpoint
) -> None:
    scene = endpoint.stage(office, aylin)
    before = versions(office)

    answer = endpoint.ask(office.kiosk("nordend-kiosk"), scene)

    refusal = (403, "not_allowed") if endpoint.who == "kiosk" else (401, "not_signed_in")
    problem(answer, *refusal)
    assert versions(office) == before


@every_endpoint
def test_an_unknown_id_is_not_found(quiet_aylin: FlaskClient, endpoint: Endpoint) -> None:
    stranger = Endpoint(**{**vars(endpoint), "path": _estranged(endpoint.path)})
    if stranger.path == endpoint.path:
        return

    nobody = {"id": "999999", "code": "222-222-222", "proof": "", "key": ""}
    problem(stranger.ask(quiet_aylin, nobody), 404, "not_found")


@every_endpoint_with_a_body
def test_a_body_that_is_no_object_is_refused(
    office: Office, aylin: FlaskClient, endpoint: Endpoint
) -> None:
    scene, client = endpoint.stage(office, aylin), clerk_request(office, aylin, endpoint)

    for text in NO_OBJECTS:
        problem(endpoint.ask(client, scene, data=text), 400, "bad_request")


@every_endpoint_with_a_body
def test_an_unknown_field_names_itself(
    office: Office, aylin: FlaskClient, endpoint: Endpoint
) -> None:
    scene = endpoint.stage(office, aylin)
    before = versions(office)
    body = {**endpoint.body, "colour": "<script>alert(1)</script>"}

    answer = endpoint.ask(clerk_request(office, aylin, endpoint), scene, json=body)

    assert wrong_fields(answer)["colour"] == "unknown"
    assert "<script>" not in answer.text
    assert versions(office) == before


def _anonymous(path: str) -> str:
    known: Scene = {"rathaus": "*", "schalter-1": "*"}
    parts = [known.get(part, "*" if "{" in part else part) for part in path.split("/")]
    return "/".join(parts)


def _estranged(path: str) -> str:
    path = path.replace("rathaus", "atlantis").replace("schalter-1", "schalter-99")
    return re.sub(r"\{\w+\}", "999999", path)
