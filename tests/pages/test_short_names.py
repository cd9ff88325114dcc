"""A site's short name stands where room is scarce, and its whole name everywhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from queue_server.languages.office_texts import name_of, short_name_of
from tests.office import HERE, Office, make_office
from tests.pages.booked_days import rathaus

Visit = Callable[..., BeautifulSoup]
ALIKE = "Bürgerservicezentrum der Verbandsgemeinde"
BOTH = '[[site.display]]\nid = "beide"\nsites = ["rathaus", "nordend"]\n\n[[site.service]]'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    text = (HERE / "office.toml").read_text("utf-8").replace("[[site.service]]", BOTH, 1)
    for name, short in (("Rathaus", "Mitte"), ("Bürgerbüro Nordend", "Nordend")):
        long = f'name = "{ALIKE} {short}"\nshort_name = "{short}"'
        text = text.replace(f'name = "{name}"', long, 1)
    office = make_office(tmp_path, text)
    yield office
    office.store.close()


def test_two_sites_whose_names_begin_alike_are_told_apart_on_one_wall(
    office: Office, visit: Visit
) -> None:
    aylin = office.clerk("Aylin", "schalter-1")
    aylin.post("/api/v1/sites/rathaus/tickets", json={"services": ["meldewesen"]})
    assert aylin.post("/api/v1/counters/schalter-1/calls", json={}).status_code == 200

    page = visit(office.visitor(), "/display/beide")

    assert [site.get_text() for site in page.select("#rows .call__site")] == ["Mitte"]
    watched = json.loads(page.select_one("#calls")["data-watched"])
    assert [site["label"] for site in watched] == ["Mitte", "Nordend"]
    assert page.title.get_text().startswith(f"{ALIKE} Mitte")


def test_the_head_of_the_desk_is_short_and_tells_the_whole_name_to_whoever_asks(
    office: Office, visit: Visit
) -> None:
    place = visit(office.signed_in("Aylin"), "/desk").select_one(".topbar__place")

    assert place.get_text(strip=True) == "Mitte· Aylin"
    assert place["title"] == f"{ALIKE} Mitte · Aylin"


def test_a_short_name_is_translated_as_all_words_of_the_office_are(office: Office) -> None:
    site = replace(rathaus(office), translated={"en": {"Mitte": "Centre"}})
    nameless = replace(site, short_name="")

    assert (short_name_of(site).text, short_name_of(site, "en").text) == ("Mitte", "Centre")
    assert short_name_of(site, "tr").language == "de"
    assert short_name_of(nameless, "en") == name_of(nameless, "en")
