"""The office's legal pages, as the foot of every public page links to them."""

from __future__ import annotations

import pytest

from queue_server.domain.theme import Links
from queue_server.settings import Legal


def test_an_address_is_kept_as_it_is_written(office, smallest):
    text = '[legal]\nimprint_url = "https://www.a.example/impressum/?id=7"\n'

    assert office.load(text + smallest).legal == Legal("https://www.a.example/impressum/?id=7")
    assert office.load(smallest).legal == Legal()


@pytest.mark.parametrize("address", ["www.a.example", "/impressum", "javascript:alert(1)"])
def test_what_no_browser_can_open_is_refused_with_an_example(office, smallest, address):
    [problem] = office.problems(f'[legal]\nprivacy_url = "{address}"\n{smallest}')

    assert problem.startswith("config.toml line 2: legal.privacy_url")
    assert 'an address such as "https://example.de/datenschutz"' in problem


def test_the_environment_may_name_them(office, smallest):
    env = {"AUFRUF_LEGAL_ACCESSIBILITY_URL": "https://a.example/barrierefrei"}

    assert office.load(smallest, env).legal.accessibility_url == "https://a.example/barrierefrei"


def test_a_site_may_name_pages_of_its_own(office, smallest):
    links = '[site.links]\nimprint = "https://a.example/impressum"\n'

    [site] = office.load(f"{smallest}\n{links}").sites
    [problem] = office.problems(f'{smallest}\n[site.links]\nprivacy = "datenschutz"\n')

    assert site.links == Links(imprint="https://a.example/impressum")
    assert 'links.privacy: expected an address such as "https://example.de/datenschutz"' in problem
