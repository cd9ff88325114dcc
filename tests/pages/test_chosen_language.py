"""The language that a visitor has chosen holds, and nobody who did not choose gets a cookie."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.settings import ConfigError
from tests.office import HERE, Office, make_office

OURS = {"Sec-Fetch-Site": "same-origin"}
COOKIE = "aufruf_language"


def language_of(answer) -> str:
    return answer.text.partition('<html lang="')[2].partition('"')[0]


def test_a_page_opened_anew_keeps_the_choice_until_another_is_made(office: Office):
    client = office.visitor()
    chosen = client.get("/?lang=en", headers=OURS)

    assert "SameSite=Lax" in chosen.headers["Set-Cookie"]
    assert "Expires" not in chosen.headers["Set-Cookie"], "it ends with the browser's session"
    for path in ("/", "/termin"):
        assert language_of(client.get(path)) == "en"
    assert language_of(client.get("/?lang=de", headers=OURS)) == "de", "the address goes first"
    assert language_of(client.get("/")) == "de"


def test_a_browser_without_sec_fetch_says_where_it_comes_from(office: Office):
    client = office.visitor()
    client.get("/?lang=en", headers={"Referer": "http://localhost/"})

    assert client.get_cookie(COOKIE) is not None


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/", {"Accept-Language": "en"}),
        ("/?lang=en", {}),
        ("/?lang=en", {"Sec-Fetch-Site": "cross-site"}),
        ("/?lang=en", {"Referer": "https://www.elsewhere.example/"}),
        ("/?lang=tlh", OURS),
        ("/?lang=de", OURS),
        ("/login?lang=en", OURS),
    ],
)
def test_no_cookie_without_a_choice_on_our_own_pages(office: Office, path: str, headers):
    client = office.visitor()
    client.get(path, headers=headers)

    assert client.get_cookie(COOKIE) is None


def test_the_kiosk_forgets_a_language_with_its_visitor(office: Office):
    kiosk = office.kiosk()
    kiosk.get("/kiosk/eingang?lang=en", headers=OURS)

    assert kiosk.get_cookie(COOKIE) is None
    assert language_of(kiosk.get("/kiosk/eingang")) == "de"


def test_a_cookie_that_names_no_language_of_ours_says_nothing(office: Office):
    client = office.visitor()
    client.set_cookie(COOKIE, "../../etc")

    assert language_of(client.get("/")) == "de"


def with_languages(folder: Path, wanted: str) -> Office:
    config = (HERE / "office.toml").read_text()
    return make_office(folder, config.replace("[server]", f"[server]\nlanguages = {wanted}", 1))


def test_only_the_languages_that_the_office_wants_are_offered(tmp_path: Path, visit):
    office = with_languages(tmp_path, '["de"]')
    kiosk = visit(office.kiosk(), "/kiosk/eingang")
    answer = office.visitor().get("/?lang=en", headers={"Accept-Language": "en"})
    office.store.close()

    offered = [link["lang"] for link in kiosk.select(".kiosk-languages a")]
    assert "en" not in offered
    assert language_of(answer) == "de"


def test_an_unknown_language_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match=r'server.languages, entry 1: expected one of "de"'):
        with_languages(tmp_path, '["tlh"]')
