"""Messages to phones are off until the office says whom their carriers may write to."""

from __future__ import annotations

from queue_server.settings import Push


def test_push_is_off_until_it_is_switched_on(office, smallest):
    assert office.load(smallest).push == Push(enabled=False, contact="", local_endpoints=False)


def test_push_needs_an_address_that_push_services_can_write_to(office, smallest):
    [problem] = office.problems(f"[push]\nenabled = true\n{smallest}")

    assert problem.startswith("config.toml line 1: push.contact")
    assert "an e-mail address that push services can write to" in problem
    text = f'[push]\nenabled = true\ncontact = "it@a.example"\n{smallest}'
    assert office.load(text).push == Push(True, "it@a.example")


def test_a_contact_that_is_no_address_is_refused(office, smallest):
    [problem] = office.problems(f'[push]\ncontact = "https://a.example"\n{smallest}')

    assert problem.startswith("config.toml line 2: push.contact")
