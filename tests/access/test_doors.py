"""Every door and everybody before it: who may passes, all others change nothing.

The table stands in `rules.py`; one office serves all, since whoever is refused leaves it as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.access.filled_in import FORM_ELSEWHERE
from tests.access.knocking import Watch, knock, path_of, secret_of
from tests.access.people import CLERKS, EVERYBODY, MAY, People
from tests.access.rules import DOORS
from tests.office import HERE, make_office
from tests.phone import with_push

ALWAYS = {"HEAD", "OPTIONS"}
GROUP_OF = {door: group for group, doors in DOORS.items() for door in doors}
UNSAFE = tuple(door for door in GROUP_OF if not door.startswith("GET "))
ELSEWHERE = "192.0.2.7"
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)
# Whoever acts at their own site only: what they ask about Rathaus is not there.
OWN_SITE = ("clerk, at their own site", "lead, at their own site")
every_door = pytest.mark.parametrize("door", GROUP_OF, ids=str)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    text = (HERE / "office.toml").read_text("utf-8")
    text = text.replace("[site.booking]", "[site.booking]\nproof = false", 1)
    # A theme and a page, so that there is a picture behind their doors.
    folder = tmp_path_factory.mktemp("doors")
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


def whom(people: People, door: str) -> dict[str, str]:
    """Whoever is changed or removed behind a door is there, and not one of those before it."""
    return {"clerk": people.newcomer()} if "<int:clerk>" in door else {}


def doors_of(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - ALWAYS
    }


def test_every_door_has_a_rule(people: People) -> None:
    doors = doors_of(people.office.app)

    assert sorted(doors - GROUP_OF.keys()) == [], (
        "new doors: write into DOORS of tests/access/rules.py who may pass them"
    )
    assert sorted(GROUP_OF.keys() - doors) == [], "doors that are gone: take them out of DOORS"
    assert len(GROUP_OF) == sum(map(len, DOORS.values())), "a door has one rule"


@every_door
def test_whoever_may_not_pass_is_refused_and_changes_nothing(
    people: People, watch: Watch, door: str
) -> None:
    others = [who for who in EVERYBODY if who not in MAY[GROUP_OF[door]]]
    for who in others:
        people.cookie(who)
    before = watch.version()

    answers = {who: knock(people, who, door) for who in others}

    welcome = {who: a.status_code for who, a in answers.items() if not is_refused(a)}
    assert welcome == {} and watch.version() == before


@every_door
def test_whoever_may_pass_is_not_refused(people: People, door: str) -> None:
    form = {"clerk elsewhere": FORM_ELSEWHERE, "lead elsewhere": FORM_ELSEWHERE}
    who_may = MAY[GROUP_OF[door]]
    if "<day>" in door:
        people.decide_day()

    answers = {
        who: knock(people, who, door, form=form.get(who, {}), **whom(people, door))
        for who in who_may
    }

    refused = {who: a.status_code for who, a in answers.items() if is_refused(a)}
    assert refused == {}


@pytest.mark.parametrize("door", [d for d in GROUP_OF if GROUP_OF[d] in OWN_SITE], ids=str)
def test_whoever_works_elsewhere_leaves_rathaus_as_it_is(
    people: People, watch: Watch, door: str
) -> None:
    outsiders = [who for who in MAY[GROUP_OF[door]] if who.endswith("elsewhere")]
    before = watch.rathaus()

    answers = [knock(people, who, door, day="2026-06-10").data for who in outsiders]

    assert outsiders and watch.rathaus() == before
    assert [name for name in (b"Erika", b"Aylin") for data in answers if name in data] == []


@pytest.mark.parametrize("door", DOORS["holder"], ids=str)
def test_another_token_opens_nothing_whoever_brings_it(
    people: People, watch: Watch, door: str
) -> None:
    """Made up, of the other kind, and with a mistake in it: none of them is a right."""
    about_ticket = f"/{people.ticket['token']}" in path_of(people, door)
    right, other = (people.ticket, people.appointment)[:: 1 if about_ticket else -1]
    near = right["token"][:-1] + ("A" if right["token"][-1] != "A" else "B")
    tokens = ("made-up", near, other["token"])
    for who in EVERYBODY:
        people.cookie(who)
    before = watch.version()

    answers = [knock(people, who, door, token=t) for who in EVERYBODY for t in tokens]

    assert {answer.status_code for answer in answers} == {404}
    assert watch.version() == before


@pytest.mark.parametrize("door", UNSAFE, ids=str)
def test_a_form_of_another_page_is_refused_at_every_door(
    people: People, watch: Watch, door: str
) -> None:
    who_may = [who for who in ("nobody", "kiosk", *CLERKS) if who in MAY[GROUP_OF[door]]]
    secret_of(people, door), [people.cookie(who) for who in who_may]
    before = watch.version() if door != "POST /devices/pair" else None

    answers = [knock(people, who, door, headers=f) for who in who_may for f in FOREIGN]

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
