"""The office's legal pages, as the foot of every public page links to them."""

from __future__ import annotations

import pytest

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
