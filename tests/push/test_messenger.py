"""Who is told what and when, by a real push service on loopback, read with the phone's own key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from py_vapid import Vapid02

from queue_server.domain.errors import MoveRefused
from queue_server.push.keys import make, public_key
from queue_server.push.messenger import Messenger
from queue_server.store.subscriptions import MOST_OF_A_TICKET
from tests.faults.disks import no_room_for_files
from tests.phone import CONTACT
from tests.push.conftest import Pushes
from tests.town import Town


def test_a_call_is_told_with_number_and_counter_and_only_the_phone_can_read_it(
    town: Town, pushes: Pushes
) -> None:
    who = town.draw("Meldewesen")
    pushes.subscribe(who)
    assert pushes.round() == 0

    town.call_next("Schalter 1")

    assert pushes.round() == 1
    [message] = pushes.service.delivered
    said = pushes.phone.read(message.sealed)
    assert said["title"] == "M\u00a0001: jetzt zu Schalter 1"
    assert said["body"].startswith("Bitte kommen Sie jetzt.")
    assert (said["language"], said["direction"], said["tag"]) == ("de", "ltr", "M 001")
    assert said["address"] == f"/t/{who.token}"
    assert b"Schalter" not in message.sealed and who.token.encode() not in message.sealed
    assert who.token not in message.path + str(message.headers)
    assert (message.headers["TTL"], message.headers["Urgency"]) == ("120", "high")
    assert message.headers["Content-Encoding"] == "aes128gcm"


def test_a_message_is_signed_with_the_key_that_browsers_know(town: Town, pushes: Pushes) -> None:
    pushes.subscribe(town.draw())
    town.call_next()
    pushes.round()

    signature = pushes.service.delivered[0].headers["Authorization"]

    assert Vapid02.verify(signature)
    assert signature.endswith(f"k={public_key(town.store)}")
    assert CONTACT not in signature, "only the claims hold it, and those are base64"


@pytest.mark.parametrize(
    ("ticket", "page", "direction", "said"),
    [
        ("en", "", "ltr", "please go to Schalter 1"),
        ("en", "ar", "rtl", "Schalter 1"),
        ("xx", "", "ltr", "jetzt zu Schalter 1"),
    ],
)
def test_a_phone_is_told_in_the_language_of_its_page_or_ticket(
    town: Town, pushes: Pushes, ticket: str, page: str, direction: str, said: str
) -> None:
    pushes.subscribe(town.draw(language=ticket), page)
    town.call_next("Schalter 1")

    pushes.round()

    message = pushes.phone.read(pushes.service.delivered[0].sealed)
    assert said in message["title"] and message["direction"] == direction
    assert message["language"] == (page or {"xx": "de"}.get(ticket, ticket))


def test_a_call_is_told_once_and_a_recall_once_more(town: Town, pushes: Pushes) -> None:
    pushes.subscribe(town.draw())
    town.call_next()
    pushes.round()
    assert pushes.round() == 0

    town.recall()
    pushes.round()
    assert pushes.round() == 0

    first, again = (body for _, body in pushes.told())
    assert first.startswith("Bitte kommen Sie jetzt.")
    assert again.startswith("Sie wurden schon mehrmals aufgerufen.")


def test_two_messengers_on_one_database_tell_nobody_twice(town: Town, pushes: Pushes) -> None:
    pushes.subscribe(town.draw())
    town.call_next()

    pushes.service.answers = [503]
    pushes.round()

    assert pushes.round() == 0, "the first one's claim and its pause hold"
    assert len(pushes.service.delivered) == 1


def test_what_cannot_be_read_at_one_site_keeps_messages_from_no_other(
    town: Town, pushes: Pushes
) -> None:
    pushes.subscribe(town.draw())
    town.call_next()
    pushes.subscribe(town.draw(site="nordend"))
    town.call_next("Platz 1")
    with town.store.transaction() as tx:
        # In no year that has a date.
        tx.write("UPDATE tickets SET issued_at = :at WHERE site = 'rathaus'", {"at": 9 * 10**17})

    with pytest.raises(ValueError):
        pushes.round()

    assert len(pushes.service.delivered) == 1


def test_soon_is_told_when_few_are_ahead_and_not_before_a_counter_is_open(
    town: Town, pushes: Pushes
) -> None:
    for _ in range(3):
        town.draw()
    pushes.subscribe(town.draw())
    assert pushes.round() == 0

    town.open_counter("Schalter 1")
    assert pushes.round() == 0
    town.call_next("Schalter 1")
    pushes.round()
    town.arrive("Schalter 1")
    pushes.round()

    assert pushes.told() == [
        ("M\u00a0004: Gleich sind Sie dran",
         "2 Personen vor Ihnen. Bitte kommen Sie in den Wartebereich.")
    ]  # fmt: skip


def test_whoever_subscribes_late_is_not_told_what_stands_on_the_page(
    town: Town, pushes: Pushes
) -> None:
    who = town.draw()
    town.call_next()
    pushes.subscribe(who)

    assert pushes.round() == 0
    town.recall()
    assert pushes.round() == 1


def test_a_call_that_is_old_is_told_to_nobody(town: Town, pushes: Pushes) -> None:
    pushes.subscribe(town.draw())
    town.call_next()
    town.pass_time(minutes=4)

    assert pushes.round() == 0


@pytest.mark.parametrize("end", ["finish", "cancel", "give_back", "day_end"])
def test_nothing_of_the_phone_outlives_the_visit(town: Town, pushes: Pushes, end: str) -> None:
    who = town.draw()
    pushes.subscribe(who)
    assert pushes.count() == 1
    if end == "finish":
        town.serve_next()
    elif end == "cancel":
        town.cancel(who)
    elif end == "give_back":
        town.give_back(who)
    else:
        town.pass_time(hours=20)
        town.tidy()

    assert pushes.count() == 0
    with pytest.raises(MoveRefused):
        pushes.subscribe(who)


def test_a_missed_call_keeps_the_phone_and_the_next_one_reaches_it(
    town: Town, pushes: Pushes
) -> None:
    who = town.draw()
    pushes.subscribe(who)
    town.call_next()
    pushes.round()
    town.no_show()
    town.resume(who)
    town.pass_time(minutes=5)
    town.call_next()

    pushes.round()

    assert [title for title, _ in pushes.told()] == ["M\u00a0001: jetzt zu Schalter 1"] * 2


def test_a_ticket_has_few_phones_and_the_newest_are_told(town: Town, pushes: Pushes) -> None:
    who = town.draw()
    for place in range(MOST_OF_A_TICKET + 2):
        pushes.subscribe(who, url=pushes.service.url(f"phone-{place}"))
    town.call_next()

    assert pushes.round() == MOST_OF_A_TICKET
    told = sorted(each.path[-1] for each in pushes.service.delivered)
    assert told == ["2", "3", "4"]


# -- a push service with troubles ----------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_is_gone_is_forgotten(town: Town, pushes: Pushes, status: int) -> None:
    pushes.subscribe(town.draw())
    town.call_next()
    pushes.service.answers = [status]

    pushes.round()

    assert pushes.count() == 0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again_a_few_times_and_then_no_more(
    town: Town, pushes: Pushes, status: int
) -> None:
    pushes.subscribe(town.draw())
    town.call_next()
    pushes.service.answers = [status] * 10

    for _ in range(20):
        pushes.round()
        town.pass_time(seconds=8)

    assert len(pushes.service.delivered) == 4
    assert pushes.count() == 1, "the next call may reach it"


def test_a_service_that_asks_for_a_pause_has_it(town: Town, pushes: Pushes) -> None:
    pushes.subscribe(town.draw())
    town.call_next()
    pushes.service.answers, pushes.service.retry_after = [429], "40"
    pushes.round()

    town.pass_time(seconds=39)
    assert pushes.round() == 0
    town.pass_time(seconds=2)
    assert pushes.round() == 1


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 413])
def test_a_refusal_and_a_redirect_end_this_message_and_lead_nowhere(
    town: Town, pushes: Pushes, status: int
) -> None:
    pushes.subscribe(town.draw())
    town.call_next()
    pushes.service.answers, pushes.service.location = [status], pushes.service.url("elsewhere")

    for _ in range(3):
        pushes.round()
        town.pass_time(seconds=30)

    assert [each.path for each in pushes.service.delivered] == ["/send/phone"]


def test_keys_that_no_browser_has_end_the_subscription(town: Town, pushes: Pushes) -> None:
    pushes.subscribe(town.draw())
    with town.store.transaction() as tx:
        tx.write("UPDATE push_subscriptions SET p256dh = :key", {"key": "BAAA"})
    town.call_next()

    pushes.round()

    assert pushes.count() == 0 and pushes.service.delivered == []


@pytest.mark.sqlite
@pytest.mark.parametrize("status", [201, 410, 503])
def test_what_came_of_a_message_and_cannot_be_written_down_is_a_line_in_the_log(
    town: Town, pushes: Pushes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Else it came out of a greenlet that nobody waits for, in words that nobody has chosen."""
    pushes.subscribe(town.draw())
    town.call_next()
    pushes.service.answers = [status]
    make(town.store)
    tasks: list[Callable[[], None]] = []
    Messenger(town.store, pushes.settings, lambda: town.now, later=tasks.append).round()
    (deliver,) = tasks

    with no_room_for_files():
        deliver()

    assert "telling the phone of ticket=1: StorageFailed" in caplog.text
    assert len(pushes.service.delivered) == 1
