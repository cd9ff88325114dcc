"""Websites that may embed are named by origin, as browsers write it."""

from __future__ import annotations

import pytest


def test_every_website_may_embed_unless_some_are_named(office, smallest):
    named = '[server]\nembed_origins = ["https://www.a.example/", "HTTP://B.example:8080"]\n'

    assert office.load(smallest).server.embed_origins == ()
    assert office.load(named + smallest).server.embed_origins == (
        "https://www.a.example",
        "http://b.example:8080",
    )


@pytest.mark.parametrize("port", ["https://a.example:443", "http://a.example:80"])
def test_the_usual_port_is_left_out(office, smallest, port):
    settings = office.load(f'[server]\nembed_origins = ["{port}"]\n{smallest}')

    assert settings.server.embed_origins == (port.rpartition(":")[0],)


@pytest.mark.parametrize(
    "entry",
    [
        "www.a.example",
        "https://a.example/start",
        "https://*.a.example",
        "https://user@a.example",
        "https://a.example:0",
        "https://a.example:65536",
        "https://a.example; script-src *",
        "*",
        "",
    ],
)
def test_whatever_is_no_origin_is_refused_with_an_example(office, smallest, entry):
    [problem] = office.problems(f'[server]\nembed_origins = ["{entry}"]\n{smallest}')

    assert problem.startswith("config.toml line 2: server.embed_origins")
    assert 'an address without a path such as "https://www.example.de"' in problem


def test_the_environment_names_them_with_blanks_between(office, smallest):
    env = {"AUFRUF_SERVER_EMBED_ORIGINS": "https://a.example https://b.example"}

    settings = office.load(smallest, env)

    assert settings.server.embed_origins == ("https://a.example", "https://b.example")
