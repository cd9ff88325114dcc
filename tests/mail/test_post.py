"""What people see of the outbox: the office, the holder of a booking, the operator."""

from __future__ import annotations

from datetime import timedelta

from queue_server.domain.hours import day_start
from queue_server.queries import outbox_status
from queue_server.store.letters import LetterKind
from tests.cast import BERLIN
from tests.mail.conftest import TUESDAY, Mailroom
from tests.mailbox import Mailbox
from tests.office import Office, free_port
from tests.town import Town

EMAIL = "yilmaz@example.org"


def news_of(town: Town, appointment: int) -> outbox_status.LetterNews | None:
    with town.store.snapshot() as snapshot:
        return outbox_status.letter_of(snapshot, appointment, LetterKind.CONFIRMATION)


def test_an_empty_outbox_is_nothing_to_worry_about(mailroom: Mailroom) -> None:
    status = mailroom.status()

    assert (status.waiting, status.waiting_since, status.is_stuck) == (0, None, False)
    assert (status.trouble, status.sent, status.refused) == ("", 0, ())


def test_the_outbox_is_stuck_when_its_oldest_letter_waits_too_long(
    town: Town, mailroom: Mailroom
) -> None:
    mailroom.use(f"smtp://127.0.0.1:{free_port()}")
    made_at = town.now
    town.book(email=EMAIL)
    mailroom.round()

    town.pass_time(minutes=10)
    assert not mailroom.status().is_stuck
    town.pass_time(minutes=1)
    status = mailroom.status()
    assert (status.waiting, status.waiting_since, status.is_stuck) == (1, made_at, True)
    assert status.trouble == "unreachable"


def test_a_refused_letter_is_shown_with_its_reason_for_a_week(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    mailbox.refuses.add(EMAIL)
    asked = town.book(email=EMAIL)
    mailroom.round()

    (gone,) = mailroom.status().refused
    assert (gone.appointment, gone.site, gone.kind) == (asked.id, "rathaus", "confirmation")
    assert (gone.at, gone.reason) == (town.now, "unknown")
    town.pass_time(days=7, seconds=1)
    assert mailroom.status().refused == ()


def test_sent_letters_are_counted_since_midnight(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    town.booked(email=EMAIL, day=TUESDAY)
    mailroom.round()
    town.pass_time(days=1)
    town.booked(email=EMAIL, day=TUESDAY + timedelta(days=1), at="09:00")
    mailroom.round()

    with town.store.snapshot() as snapshot:
        today = outbox_status.post(snapshot, town.now, since=day_start(town.now, BERLIN))
    assert today.sent == 1


def test_a_site_sees_its_own_outbox_only(town: Town, mailroom: Mailroom) -> None:
    town.booked(email=EMAIL, day=TUESDAY)
    mailroom.collect()

    assert mailroom.status("rathaus").waiting == 1
    assert mailroom.status("nordend").waiting == 0


def test_the_holder_sees_what_became_of_the_letter(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    asked = town.book(email=EMAIL)
    assert news_of(town, asked.id) is None

    mailroom.collect()
    news = news_of(town, asked.id)
    assert news is not None and news.is_waiting and not news.is_sent

    mailroom.use(mailbox.url)
    town.pass_time(minutes=3)
    mailroom.round()
    news = news_of(town, asked.id)
    assert news is not None and news.is_sent and news.at == town.now


def test_the_holder_sees_that_the_address_is_wrong(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    mailbox.refuses.add(EMAIL)
    asked = town.book(email=EMAIL)
    mailroom.round()

    news = news_of(town, asked.id)

    assert news is not None and news.is_undeliverable
    assert news.reason == "unknown"


def test_letters_that_nobody_needed_are_no_news(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    booked = town.confirm(town.book(email=EMAIL, day=TUESDAY))
    mailroom.round()

    with town.store.snapshot() as snapshot:
        news = outbox_status.letters_of(snapshot, booked.id)

    assert [each.kind for each in news] == ["booked"]


# -- operators -----------------------------------------------------------------------------------


def test_a_mail_server_that_is_down_does_not_make_the_house_unready(office: Office) -> None:
    answer = office.visitor().get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "outbox": {"mail": False, "waiting": 0, "stuck": False},
    }


def test_figures_about_letters_are_there_for_alarms(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.write(
            """INSERT INTO appointments (id, site, state, services, persons, start_at, end_at,
                   code, token, language, booked_at)
               VALUES (1, 'rathaus', 'confirmed', '[]', 1, 0, 0, 'a', 'b', 'de', 0)"""
        )
        tx.write(
            """INSERT INTO letters (site, appointment, kind, cause, state, made_at, next_try_at)
               VALUES ('rathaus', 1, 'booked', 1, 'waiting', :at, :at)""",
            {"at": int((office.clock() - timedelta(minutes=30)).timestamp() * 1000)},
        )

        tx.write(
            """WITH RECURSIVE many(cause) AS (
                   SELECT 2 UNION ALL SELECT cause + 1 FROM many WHERE cause < 61)
               INSERT INTO letters (site, appointment, kind, cause, state, made_at, next_try_at,
                   ended_at)
               SELECT 'rathaus', 1, 'booked', cause, 'refused', :at, :at, :at FROM many""",
            {"at": int(office.clock().timestamp() * 1000)},
        )

    figures = office.visitor().get("/metrics").text

    assert "aufruf_letters_waiting 1.0" in figures
    assert "aufruf_letters_oldest_seconds 1800.0" in figures
    assert "aufruf_letters_refused 60.0" in figures, "all of them, also where a page shows fewer"
