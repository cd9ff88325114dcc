"""A running office with other settings: sockets stay connected, and screens show what is new."""

from __future__ import annotations

import time

import httpx
from bs4 import BeautifulSoup

from tests.office import ANSWER_SECONDS, Server
from tests.server.test_sockets import connected

HUNDE = '[[site.service]]\nid = "hunde"\nname = "Hund anmelden"\ngroup = "H"\nminutes = 5\n\n'
NUMBER_OF_LOOKS = 600


def services_at(kiosk: httpx.Client) -> str:
    return kiosk.get("/kiosk/eingang").text


def rename(lead: httpx.Client, name: str) -> None:
    """On the page of the office: fill in, look, save."""
    path = "/office/setup/services/hunde"
    form = BeautifulSoup(lead.get(path).text, "html.parser").select_one("form[data-once]")
    fields = {str(each["name"]): each.get("value", "") for each in form.select("input.input")}
    fields |= {"base": form.select_one("[name=base]")["value"], "name": name}
    fields |= {"walk_in": "1", "bookable": "1", "counters": ""}
    look = lead.post(path, data=fields | {"step": "check"})
    assert look.status_code == 200 and "+ name =" in look.text, look.text
    assert lead.post(path, data=fields | {"step": "save"}).status_code == 303


def test_changes_by_hand_and_page_show_at_the_kiosk_and_the_wall_stays_connected(
    server: Server,
) -> None:
    wall, kiosk = connected(server), server.kiosk()
    before = wall.call("watch_board", {"site": "rathaus"})
    assert "Hund anmelden" not in services_at(kiosk)
    text = server.config.read_text("utf-8").replace(
        "[[site.counter]]", f"{HUNDE}[[site.counter]]", 1
    )

    server.config.write_text(text, "utf-8")

    for _ in range(NUMBER_OF_LOOKS):
        if "Hund anmelden" in services_at(kiosk):
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the kiosk never offered the new service")
    assert wall.connected
    number = server.draw("hunde")["number"]
    word, board = wall.receive(timeout=ANSWER_SECONDS)
    while number not in board["next"]:
        word, board = wall.receive(timeout=ANSWER_SECONDS)
    assert number == "H 001" and word == "board" and board["version"] > before["version"]
    number = server.draw("hunde")["number"]
    rename(server.clerk("Lea"), "Hund anmelden oder abmelden")
    assert "Hund anmelden oder abmelden" in services_at(kiosk)
    # The same line hears of it, as of the ticket before.
    while number not in board["next"]:
        word, board = wall.receive(timeout=ANSWER_SECONDS)
    assert wall.connected
    wall.disconnect()
