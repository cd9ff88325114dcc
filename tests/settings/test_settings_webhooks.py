"""`[[webhook]]`: where messages may go, secrets from the environment, and nothing secret shown."""

from __future__ import annotations

import pytest

from queue_server.domain.webhook import TOLD_EVENTS

HOOK = '[[webhook]]\nurl = "{url}"\nsecret = "{secret}"\n'


def hook(url="https://dms.example.de/x?token=pfad", secret="geheim", more=""):
    return HOOK.format(url=url, secret=secret) + more


def test_a_webhook_as_the_contract_writes_it(office, smallest):
    text = smallest + hook(more='events = ["TicketCalled"]\n')

    (found,) = office.load(text).webhooks

    assert (found.url, found.secret) == ("https://dms.example.de/x?token=pfad", "geheim")
    assert (found.events, found.label) == (("TicketCalled",), "dms.example.de")
    assert office.load(smallest + hook()).webhooks[0].events == TOLD_EVENTS
    assert office.load(smallest).webhooks == ()


def test_its_secret_comes_from_a_variable_or_a_file(office, smallest, tmp_path):
    text = smallest + hook(secret="env:AUFRUF_WEBHOOK_AKTE")
    (tmp_path / "secret").write_text("aus der Datei\n")

    from_variable = office.load(text, {"AUFRUF_WEBHOOK_AKTE": "von aussen"})
    from_file = office.load(text, {"AUFRUF_WEBHOOK_AKTE_FILE": str(tmp_path / "secret")})

    assert from_variable.webhooks[0].secret == "von aussen"
    assert from_file.webhooks[0].secret == "aus der Datei"
    for env in ({}, {"AUFRUF_WEBHOOK_AKTE": ""}):
        [problem] = office.problems(text, env)
        assert problem.startswith("environment variable AUFRUF_WEBHOOK_AKTE: expected a secret")
    [problem] = office.problems(text, {"AUFRUF_WEBHOOK_AKTE_FILE": "/nowhere"})
    assert 'AUFRUF_WEBHOOK_AKTE_FILE: cannot read "/nowhere"' in problem


@pytest.mark.parametrize(
    "url",
    [
        *("http://dms.example.de/", "http://8.8.8.8/", "ftp://dms.example.de/", "dms.example.de"),
        *("https://user:pw-geheim@dms.example.de/", "https://dms.example.de:0/", "https:///pfad"),
        *("https://dms.example.de/#teil", "https://dms.example.de/ä", "https://dms example.de/"),
        *("https://dms.example.de:99999/", "https://[::1/", ""),
    ],
)
def test_an_address_that_is_none_or_leads_outside_unencrypted_is_refused(office, smallest, url):
    [problem] = office.problems(smallest + hook(url=url))

    assert problem.startswith("config.toml line 15: webhook number 1.url: expected an address")
    assert "http:// only inside your network" in problem
    assert "not shown here" in problem
    assert "geheim" not in problem


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8090/", "http://10.0.0.7/x", "http://dms.intern/", "http://[fd00::1]/"],
)
def test_inside_of_the_house_plain_http_will_do(office, smallest, url):
    assert office.load(smallest + hook(url=url)).webhooks[0].url == url


def test_unknown_events_and_a_second_webhook_at_one_address_are_refused(office, smallest):
    [problem] = office.problems(smallest + hook(more='events = ["Called"]\n'))
    assert 'events, entry 1: expected one of "TicketIssued"' in problem
    assert office.problems(smallest + hook(more="events = []\n"))

    [problem] = office.problems(smallest + hook() + hook(secret="other"))
    assert "line 18: webhook number 2.url: expected an address of its own" in problem
    assert "pfad" not in problem


def test_a_webhook_without_a_secret_is_refused(office, smallest):
    [problem] = office.problems(smallest + '[[webhook]]\nurl = "https://dms.example.de/"\n')
    assert "webhook number 1.secret: this key is missing" in problem


def test_a_running_server_takes_a_new_webhook_over(office, smallest):
    running = office.load(smallest)
    newer = office.load(smallest + hook())

    assert running.taken_over(newer).webhooks == newer.webhooks != ()
