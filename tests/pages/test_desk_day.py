"""Today's appointments at the desk: who is expected, late, here, missed, not yet confirmed."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup

from queue_server.actions import appointments, arrivals, confirming
from tests.office import Office
from tests.pages.booked_days import by_phone, chosen, online, rathaus

Visit = Callable[..., BeautifulSoup]
DAY = "/desk/appointments"


def counts(page: BeautifulSoup) -> dict[str, int]:
    """What stands on the filters."""
    words = [link.get_text(" ", strip=True).rsplit(" ", 1) for link in page.select(".segment")]
    return {name: int(count) for name, count in words}


def rows(page: BeautifulSoup) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.select(".day tbody tr")]


def a_day_of_all_kinds(office: Office) -> None:
    """At 10:00: one of each standing, with a name where somebody has one."""
    arrived = by_phone(office, "08:15", name="Anna Da")
    by_phone(office, "09:45", name="Lars Spät")
    by_phone(office, "11:00", name="Erik Kommt")
    gone = by_phone(office, "11:15", name="Gerda Gesagt-Ab")
    arrivals.check_in(office.store, rathaus(office), arrived.code, now=office.clock())
    appointments.cancel_by_token(office.store, rathaus(office), gone.token, now=office.clock())
    office.clock.pass_time(hours=2)
    appointments.mark_missed(office.store, rathaus(office), now=office.clock())


def test_the_filters_say_how_many_there_are_of_each(office: Office, visit: Visit) -> None:
    by_phone(office, "08:00", name="Mia Versäumt")
    a_day_of_all_kinds(office)
    office.clock.pass_time(minutes=1)
    appointments.mark_missed(office.store, rathaus(office), now=office.clock())
    online(office, "13:00")

    page = visit(office.signed_in("Lea"), DAY)

    assert counts(page) == {
        "Alle": 5, "Erwartet": 1, "Verspätet": 1, "Angemeldet": 1, "Versäumt": 1,
        "Vorgemerkt": 1, "Abgesagt": 1,
    }  # fmt: skip
    assert "Gerda" not in " ".join(rows(page))
    assert [bool(row.select("form")) for row in page.select(".day tbody tr")] == [
        False, False, True, True, False,
    ]  # fmt: skip


def test_a_filter_shows_its_part_of_the_day(office: Office, visit: Visit) -> None:
    a_day_of_all_kinds(office)
    client = office.signed_in("Aylin")

    late, gone = visit(client, f"{DAY}?show=late"), visit(client, f"{DAY}?show=gone")
    none, unknown = visit(client, f"{DAY}?show=held"), visit(client, f"{DAY}?show=nix")

    assert [row.split()[0] for row in rows(late)] == ["09:45"]
    assert "Gerda Gesagt-Ab" in rows(gone)[0] and "abgesagt" in rows(gone)[0]
    assert rows(none) == [] and "Niemand in dieser Auswahl" in none.get_text()
    assert len(rows(unknown)) == 3
    chosen_one = late.select_one(".segment[aria-current]")
    assert chosen_one is not None and chosen_one["id"] == "show-late"


def test_an_unconfirmed_booking_says_until_when_it_is_held(office: Office, visit: Visit) -> None:
    held, client = online(office, "13:00"), office.signed_in("Aylin")

    [row] = rows(visit(client, DAY))
    opened = visit(client, f"{DAY}/{held.id}")

    assert "vorgemerkt bis 09:00" in row and "Nadine Neu" in row
    # Whom to write to is seen by whoever opens it, and there is no code before the confirmation.
    assert "nadine@beispiel.example" not in row
    assert "nadine@beispiel.example" in opened.get_text()
    assert held.code not in opened.get_text()
    assert opened.select_one("form[action$=cancellation]") is not None


def test_at_its_second_an_unconfirmed_booking_has_fallen_away(office: Office, visit: Visit) -> None:
    online(office, "13:00")
    client = office.signed_in("Aylin")

    office.clock.pass_time(minutes=60)
    late = visit(client, DAY)
    confirming.expire(office.store, rathaus(office), now=office.clock())
    gone = visit(client, f"{DAY}?show=gone")

    assert rows(late) == []
    assert "verfallen" in rows(gone)[0] and "Nadine" not in rows(gone)[0]


def test_a_form_that_nobody_sent_off_is_never_called_an_appointment(
    office: Office, visit: Visit
) -> None:
    chosen(office, "13:00")
    client = office.signed_in("Aylin")

    now = rows(visit(client, DAY))
    office.clock.pass_time(minutes=15)
    later = visit(client, f"{DAY}?show=gone")

    assert "vorgemerkt bis 08:15" in now[0]
    assert rows(later) == []


def test_phone_and_address_are_seen_only_on_opening(office: Office, visit: Visit) -> None:
    booked = by_phone(office, "10:00", name="Erika", email="erika@b.example", phone="0431 55")
    client = office.signed_in("Aylin")

    listed, opened = visit(client, DAY).get_text(), visit(client, f"{DAY}/{booked.id}").get_text()

    assert "erika@b.example" not in listed and "0431 55" not in listed
    assert "erika@b.example" in opened and "0431 55" in opened


def test_the_list_says_where_and_as_of_when_it_is_fresh(office: Office) -> None:
    by_phone(office, "10:00")
    client = office.signed_in("Aylin")

    answer = client.get(f"{DAY}?show=late", headers={"X-Aufruf-Part": "1"})
    part = BeautifulSoup(answer.text, "html.parser").select_one("[data-part=appointments]")

    assert part is not None and part.parent is not None
    assert part["data-live"] == f"{DAY}?day=2026-06-08&show=late"
    assert int(str(part["data-version"])) == 1 and part["data-site"] == "rathaus"
    # Nothing that is typed into lies within: a fresh list never wipes out half a Termincode.
    assert part.select("input:not([type=hidden]), textarea, select") == []


def test_only_whoever_leads_is_shown_the_way_to_cancel_a_day(office: Office, visit: Visit) -> None:
    way = "a[href='/office/days?day=2026-06-08']"

    assert visit(office.signed_in("Lea"), DAY).select_one(way) is not None
    assert visit(office.signed_in("Aylin"), DAY).select_one(way) is None
    assert visit(office.signed_in("Lea"), f"{DAY}?day=2026-06-07").select_one("[href^='/office']") \
        is None  # fmt: skip
