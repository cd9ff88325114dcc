"""Guides to print say what holds here: own services, own counters, own keys, a page each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from bs4 import BeautifulSoup

from queue_server.office.guide_texts import Guide, guides
from queue_server.office.guides import on_paper
from queue_server.settings import Settings
from queue_server.web.desk_keys import KEYS
from tests.office import Office

Visit = Callable[..., BeautifulSoup]
IDS = ("clerk", "front-desk", "kiosk")
NOON = datetime(2026, 6, 8, 12)


def settings_of(office: Office) -> Settings:
    settings: Settings = office.app.extensions["aufruf"].settings
    return settings


def found(settings: Settings, id: str) -> Guide:
    return next(each for each in guides(settings, settings.sites[0]) if each.id == id)


def words(guide: Guide) -> str:
    return " ".join(line.words for part in guide.parts for line in part.lines)


def test_the_lead_finds_a_guide_for_each_kind_of_work(office: Office, visit: Visit) -> None:
    lea = office.signed_in("Lea")

    assert visit(lea, "/office/setup").select_one('a[href="/office/guides"]')
    links = visit(lea, "/office/guides").select(".setup__part h2 a")
    assert [link["href"] for link in links] == [f"/office/guides/{id}" for id in IDS]
    for link in links:
        assert visit(lea, str(link["href"])).select("article.guide .guide__line")
    assert lea.get("/office/guides/mars").status_code == 404
    assert lea.get("/office/guides/mars.pdf").status_code == 404


@pytest.mark.parametrize("id", IDS)
def test_a_guide_on_paper_is_one_page_with_title_and_language(office: Office, id: str) -> None:
    answer = office.signed_in("Lea").get(f"/office/guides/{id}.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert _pages(answer.data) == 1 and b"/Lang (de-DE)" in answer.data
    assert b"/Title" in answer.data


def test_an_office_with_very_many_services_still_gets_one_page(office: Office) -> None:
    settings = settings_of(office)
    site = settings.sites[0]
    many = tuple(
        replace(site.services[0], id=f"a{n}", name=f"Untersuchungsberechtigungsschein {n}")
        for n in range(150)
    )
    large = replace(site, services=many)

    for guide in guides(replace(settings, sites=(large,)), large):
        assert _pages(on_paper(guide, large.name, NOON)) == 1, guide.id


def test_services_counters_and_keys_are_those_of_this_office(office: Office) -> None:
    settings = settings_of(office)
    site = settings.sites[0]
    clerk, front, kiosk = (found(settings, id) for id in IDS)

    assert all(counter.name in words(clerk) for counter in site.counters)
    assert all(service.name in words(front) for service in site.services)
    assert all(each.name in kiosk.about for each in site.kiosks)
    marks = {line.mark for part in clerk.parts for line in part.lines}
    assert {KEYS[name].key for name in ("next", "arrived", "no_show", "park", "help")} <= marks


def test_what_an_office_does_not_have_is_not_explained(office: Office) -> None:
    settings = settings_of(office)
    site = settings.sites[0]
    kiosks = tuple(replace(kiosk, camera=False, speech=False) for kiosk in site.kiosks)
    with_file = replace(site, desk=replace(site.desk, file_url="https://dms.example/{number}"))
    bare = replace(site, kiosks=kiosks)
    german = replace(settings.server, languages=("de",))

    assert "Akte" not in words(found(settings, "clerk"))
    assert "Akte" in words(found(replace(settings, sites=(with_file,)), "clerk"))
    said = words(found(replace(settings, server=german, sites=(bare,)), "kiosk"))
    assert "Sprachen: Deutsch." in said and "Kamera" not in said and "vorlesen" not in said


def _pages(paper: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", paper))
