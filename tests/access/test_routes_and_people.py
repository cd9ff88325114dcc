"""Every route and everybody who asks: who may is answered, all others change nothing.

The table stands in `rules.py`; one office serves all, since whoever is refused leaves it as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.access.asking import Watch, ask, path_of, secret_of
from tests.access.filled_in import FORM_ELSEWHERE
from tests.access.people import CLERKS, EVERYBODY, MAY, People
from tests.access.rules import ROUTES
from tests.office import HERE, make_office
from tests.phone import with_push

ALWAYS = {"HEAD", "OPTIONS"}
GROUP_OF = {route: group for group, routes in ROUTES.items() for route in routes}
UNSAFE = tuple(route for route in GROUP_OF if not route.startswith("GET "))
ELSEWHERE = "192.0.2.7"
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)
# Whoever acts at their own site only: what they ask about Rathaus is not there.
OWN_SITE = ("clerk, at their own site", "lead, at their own site")
every_route = pytest.mark.parametrize("route", GROUP_OF, ids=str)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    text = (HERE / "office.toml").read_text("utf-8")
    text = text.replace("[site.booking]", "[site.booking]\nproof = false", 1)
    # A theme and a page, so that there is a picture at their addresses.
    folder = tmp_path_factory.mktemp("routes")
    (folder / "wappen.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    shown = '[site.theme]\ncrest = "wappen.svg"\n\n[[site.page]]\npicture = "wappen.svg"\n\n'
    text = text.replace("[[site.service]]", f"{shown}[[site.service]]", 1)
    office = make_office(folder, with_push(text))
    yield People(office)
    office.store.close()


@pytest.fixture
def watch(people: People) -> Iterator[Watch]:
    with closing(Watch(people)) as watch:
        yield watch


def is_refused(answer: TestResponse) -> bool:
    """401, 403, 404, or the way to the sign-in."""
    to_sign_in = answer.status_code == 303 and answer.location.startswith("/login?")
    return to_sign_in or answer.status_code in (401, 403, 404)


def whom(people: People, route: str) -> dict[str, str]:
    """Who is changed or removed by a route exists, and is none of those who ask."""
    return {"clerk": people.newcomer()} if "<int:clerk>" in route else {}


def routes_of(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - ALWAYS
    }


def test_every_route_has_a_rule(people: People) -> None:
    routes = routes_of(people.office.app)

    assert sorted(routes - GROUP_OF.keys()) == [], (
        "new routes: write into ROUTES of tests/access/rules.py who may use them"
    )
    assert sorted(GROUP_OF.keys() - routes) == [], "routes that are gone: take them out of ROUTES"
    assert len(GROUP_OF) == sum(map(len, ROUTES.values())), "a route has one rule"


@every_route
def test_whoever_may_not_pass_is_refused_and_changes_nothing(
    people: People, watch: Watch, route: str
) -> None:
    others = [who for who in EVERYBODY if who not in MAY[GROUP_OF[route]]]
    for who in others:
        people.cookie(who)
    before = watch.version()

    answers = {who: ask(people, who, route) for who in others}

    welcome = {who: a.status_code for who, a in answers.items() if not is_refused(a)}
    assert welcome == {} and watch.version() == before


@every_route
def test_whoever_may_pass_is_not_refused(people: People, route: str) -> None:
    form = {"clerk elsewhere": FORM_ELSEWHERE, "lead elsewhere": FORM_ELSEWHERE}
    who_may = MAY[GROUP_OF[route]]
    if "<day>" in route:
        people.decide_day()

    answers = {
        who: ask(people, who, route, form=form.get(who, {}), **whom(people, route))
        for who in who_may
    }

    refused = {who: a.status_code for who, a in answers.items() if is_refused(a)}
    assert refused == {}


@pytest.mark.parametrize("route", [d for d in GROUP_OF if GROUP_OF[d] in OWN_SITE], ids=str)
def test_whoever_works_elsewhere_leaves_rathaus_as_it_is(
    people: People, watch: Watch, route: str
) -> None:
    outsiders = [who for who in MAY[GROUP_OF[route]] if who.endswith("elsewhere")]
    before = watch.rathaus()

    answers = [ask(people, who, route, day="2026-06-10").data for who in outsiders]

    assert outsiders and watch.rathaus() == before
    assert [name for name in (b"Erika", b"Aylin") for data in answers if name in data] == []


@pytest.mark.parametrize("route", ROUTES["holder"], ids=str)
def test_another_token_opens_nothing_whoever_brings_it(
    people: People, watch: Watch, route: str
) -> None:
    """Made up, of the other kind, and with a mistake in it: none of them is a right."""
    about_ticket = f"/{people.ticket['token']}" in path_of(people, route)
    right, other = (people.ticket, people.appointment)[:: 1 if about_ticket else -1]
    near = right["token"][:-1] + ("A" if right["token"][-1] != "A" else "B")
    tokens = ("made-up", near, other["token"])
    for who in EVERYBODY:
        people.cookie(who)
    before = watch.version()

    answers = [ask(people, who, route, token=t) for who in EVERYBODY for t in tokens]

    assert {answer.status_code for answer in answers} == {404}
    assert watch.version() == before


@pytest.mark.parametrize("route", UNSAFE, ids=str)
def test_a_form_of_another_page_is_refused_by_every_route(
    people: People, watch: Watch, route: str
) -> None:
    who_may = [who for who in ("nobody", "kiosk", *CLERKS) if who in MAY[GROUP_OF[route]]]
    secret_of(people, route), [people.cookie(who) for who in who_may]
    before = watch.version() if route != "POST /devices/pair" else None

    answers = [ask(people, who, route, headers=f) for who in who_may for f in FOREIGN]

    assert answers and {answer.status_code for answer in answers} == {403}
    assert before is None or watch.version() == before


def test_figures_are_told_to_this_machine_and_to_whoever_has_the_token(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUFRUF_METRICS_TOKEN", "a-long-secret")
    client = people.office.app.test_client(use_cookies=False)

    def ask(address: str, **headers: str) -> int:
        environ = {"REMOTE_ADDR": address}
        return client.get("/metrics", headers=headers, environ_overrides=environ).status_code

    assert [ask("127.0.0.1"), ask(ELSEWHERE, Authorization="Bearer a-long-secret")] == [200, 200]
    assert {ask(ELSEWHERE, Cookie=people.cookie(who)) for who in EVERYBODY} == {403}
