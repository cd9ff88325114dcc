"""Unsafe requests come from our own pages or from programs; strict headers stand on everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.problems import problem
from tests.office import HERE, PASSWORD, Office, make_office
from tests.pages.conftest import inspect_headers

DRAW = {"services": ["kfz"]}
TICKETS = "/api/v1/sites/rathaus/tickets"
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://["},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:99"},
)
OWN = (
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
)
ANSWERS = (
    ("GET", "/login", 200),
    ("GET", "/devices/pair", 200),
    ("GET", "/healthz", 200),
    ("GET", "/api/v1/sites", 200),
    ("GET", "/api/v1/openapi.json", 200),
    ("GET", "/api/v1/nowhere", 404),
    ("GET", "/nowhere", 404),
    ("GET", "/patterns", 404),
    ("POST", "/healthz", 405),
    ("POST", "/api/v1/sites/rathaus/tickets", 401),
    ("POST", "/login", 401),
    ("OPTIONS", "/login", 200),
)


def test_another_pages_request_changes_nothing(office: Office) -> None:
    aylin = office.signed_in("Aylin")

    for headers in FOREIGN:
        problem(aylin.post(TICKETS, json=DRAW, headers=headers), 403, "foreign_origin")
    assert aylin.get("/api/v1/sites/rathaus/queue").json["waiting"] == []


def test_our_own_pages_and_programs_may(office: Office) -> None:
    aylin = office.signed_in("Aylin")

    for headers in OWN:
        assert aylin.post(TICKETS, json=DRAW, headers=headers).status_code == 201, headers


def test_another_page_can_not_sign_anybody_in_or_out(office: Office) -> None:
    aylin, foreign = office.signed_in("Aylin"), {"Sec-Fetch-Site": "cross-site"}
    form = {"username": "Aylin", "password": PASSWORD}

    assert office.visitor().post("/login", data=form, headers=foreign).status_code == 403
    assert aylin.post("/logout", data={}, headers=foreign).status_code == 403
    assert aylin.get("/api/v1/sites/rathaus/queue").status_code == 200


def test_strict_headers_stand_on_every_answer(office: Office) -> None:
    for method, path, status in ANSWERS:
        answer = office.visitor().open(path, method=method)

        assert answer.status_code == status, path
        inspect_headers(dict(answer.headers))
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in answer.headers


def test_static_files_carry_them_too_and_may_be_kept(office: Office) -> None:
    answer = office.visitor().get("/static/css/aufruf.css")

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] != "no-store"
    answer.close()


def test_static_files_lie_in_their_folder_only(office: Office) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py"):
        assert office.visitor().get(path).status_code == 404


def test_over_tls_the_browser_is_told_to_stay_there(office: Office) -> None:
    answer = office.visitor().get("/login", base_url="https://localhost")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_forwarded_headers_are_not_believed_without_a_proxy(office: Office) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}

    answer = office.visitor().post(
        "/login", json={"username": "Aylin", "password": PASSWORD}, headers=headers
    )

    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


def test_metrics_are_for_this_machine(office: Office) -> None:
    office.signed_in("Aylin", "schalter-1")
    visitor = office.visitor()

    assert 'aufruf_counters_open{site="rathaus"} 1.0' in visitor.get("/metrics").text
    elsewhere = visitor.get("/metrics", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    forwarded = visitor.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert (elsewhere.status_code, forwarded.status_code) == (403, 403)


def test_metrics_open_to_their_token(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(authorization: str) -> int:
        return (
            office.visitor()
            .get(
                "/metrics",
                headers={"Authorization": authorization},
                environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
            )
            .status_code
        )

    assert ask("Bearer ") == 403
    monkeypatch.setenv("AUFRUF_METRICS_TOKEN", "a-long-secret")
    assert [ask("Bearer a-long-secret"), ask("Bearer a-long"), ask("")] == [200, 403, 403]
    assert [ask("Bearer \xff"), ask("Bearer ü"), ask("\xff\xfe")] == [403, 403, 403]


def test_the_operators_token_may_be_any_text(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUFRUF_METRICS_TOKEN", "geheim-für-uns")
    as_bytes = "Bearer geheim-für-uns".encode().decode("latin-1")

    answer = office.visitor().get(
        "/metrics",
        headers={"Authorization": as_bytes},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    )

    assert answer.status_code == 200


def test_only_operators_are_told_how_many_letters_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ready(address: str, **headers: str) -> object:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        elsewhere = {"REMOTE_ADDR": address}
        answer = office.visitor().get("/readyz", headers=told, environ_overrides=elsewhere)
        assert answer.status_code == 200
        return sorted(answer.json)

    monkeypatch.setenv("AUFRUF_METRICS_TOKEN", "a-long-secret")
    for_all, for_operators = ["status"], ["outbox", "status"]
    assert [ready(here) for here in ("127.0.0.1", "::1")] == [for_operators, for_operators]
    assert [ready("192.0.2.7"), ready("")] == [for_all, for_all]
    assert ready("192.0.2.7", Authorization="Bearer a-long-secret") == for_operators
    assert ready("127.0.0.1", X_Forwarded_For="192.0.2.7") == for_all
    assert ready("127.0.0.1", Forwarded="for=192.0.2.7") == for_all


def test_behind_the_proxy_this_machine_is_who_the_proxy_names(tmp_path: Path) -> None:
    text = (HERE / "office.toml").read_text("utf-8")
    office = make_office(tmp_path, text.replace("[server]", "[server]\nbehind_proxy = true", 1))

    def ready(forwarded: str) -> object:
        answer = office.visitor().get("/readyz", headers={"X-Forwarded-For": forwarded})
        return sorted(answer.json)

    assert ready("192.0.2.7") == ["status"]
    assert ready("127.0.0.1, 192.0.2.7") == ["status"], "the nearest proxy has the last word"
    assert ready("127.0.0.1") == ["outbox", "status"]
    office.store.close()


SOCKET_ANSWERS = (
    ("EIO=4&transport=polling", 200),
    ("EIO=3&transport=polling", 400),
    ("EIO=4&transport=telegraph", 400),
    ("EIO=4&transport=polling&sid=unknown", 400),
    ("EIO=4&transport=websocket", 400),
)


@pytest.mark.parametrize(("query", "status"), SOCKET_ANSWERS)
def test_answers_of_socket_io_carry_them_too(office: Office, query: str, status: int) -> None:
    answer = office.visitor().get(f"/socket.io/?{query}")

    assert answer.status_code == status
    inspect_headers(dict(answer.headers))
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_handshake_from_another_page_or_in_another_tongue_is_refused_with_them(
    office: Office,
) -> None:
    query, upgrade = "/socket.io/?EIO=4&transport=websocket", {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "x",
        "Sec-WebSocket-Version": "13",
    }  # fmt: skip
    foreign = {"Origin": "https://evil.example"}

    for answer in (
        office.visitor().get(query, headers=upgrade),
        office.visitor().get("/socket.io/?EIO=4&transport=polling", headers=foreign),
    ):
        assert answer.status_code == 400
        inspect_headers(dict(answer.headers))


def test_over_tls_socket_io_says_so_too(office: Office) -> None:
    answer = office.visitor().get(
        "/socket.io/?EIO=4&transport=polling", base_url="https://localhost"
    )

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_no_header_stands_twice(office: Office) -> None:
    for path in ("/socket.io/?EIO=4&transport=polling", "/socket.io", "/login", "/api/v1/sites"):
        names = [name.lower() for name, _ in office.visitor().get(path).headers]

        assert len(names) == len(set(names)), path


def test_a_request_makes_no_class_which_only_a_search_for_garbage_removes(office: Office) -> None:
    visitor = office.visitor()
    # As gunicorn hands it over.
    line = {"gunicorn.socket": object()}
    paths = ("/login", "/socket.io/?EIO=4&transport=polling")
    first = [visitor.get(path, environ_overrides=line).status_code for path in paths]
    before = len(type.__subclasses__(object))

    for path in paths:
        visitor.get(path, environ_overrides=line)

    assert first == [200, 200]
    assert len(type.__subclasses__(object)) == before
