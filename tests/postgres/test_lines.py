"""Each site has its own line: whatever holds one up, the others go on, whichever action it is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import psycopg
import pytest

from queue_server.actions import desks, housekeeping, people, settings_change, staff, team, tokens
from queue_server.domain.errors import StorageFailed
from queue_server.domain.events import AppointmentConfirmed
from queue_server.history.audit import audit_nights
from queue_server.mail.postman import Postman
from queue_server.other_servers import SiteNews
from queue_server.push import keys
from queue_server.settings import Mail
from queue_server.store import api_tokens
from queue_server.store.database import NO_SITE
from queue_server.store.engines import engine_of
from queue_server.store.transaction import Store
from tests import postgres_databases
from tests.mailbox import SENDER
from tests.postgres.test_engine import CUT_OFF
from tests.premises import settings_of
from tests.store.shared_batch import PATIENCE_SECONDS, until
from tests.town import Town

WAITING = """SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
NORDEND, PLATZ = "nordend", "Platz 1"


@pytest.fixture
def town(tmp_path, monkeypatch) -> Iterator[Town]:
    """Both offices on one PostgreSQL."""
    monkeypatch.setattr(postgres_databases, "IS_ASKED_FOR", True)
    town = Town(tmp_path / "town.db")
    tokens.add(town.store, "Programm", NORDEND, "clerk", now=town.now)
    # From now on both have a line.
    for site in town.sites:
        town.draw(site=site.id)
    yield town
    town.store.close()
    postgres_databases.give_back(tmp_path)


@pytest.fixture
def outside(town, tmp_path):
    url = postgres_databases.url_for(tmp_path / "town.db")
    with psycopg.connect(url, autocommit=True) as raw:
        yield raw


@contextmanager
def held_up(store: Store, site: str) -> Iterator[None]:
    """An action that does not end, however slow the test is."""
    with store.transaction(site) as tx:
        tx.write("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def test_news_of_all_offices_are_told_also_after_a_look_that_was_cut_off(town, outside):
    news = SiteNews()
    with town.store.snapshot() as snapshot:
        news.begin(snapshot, town.sites)
    for site in town.sites:
        town.draw(site=site.id)

    def cut_off_before_the_last():
        *others, last = town.sites
        yield from others
        outside.execute(CUT_OFF)
        yield last

    with pytest.raises(StorageFailed), town.store.snapshot() as snapshot:
        news.read(snapshot, cut_off_before_the_last())
    with town.store.snapshot() as snapshot:
        told = news.read(snapshot, town.sites)

    assert {event.site for event in told} == {site.id for site in town.sites}


def test_what_a_server_has_written_is_no_news_to_it_at_any_moment(town):
    news, told = SiteNews(), []
    with town.store.snapshot() as snapshot:
        news.begin(snapshot, town.sites)
    town.store.listen_to_numbers(news.note)

    def look(events):
        with town.store.snapshot() as snapshot:
            told.extend(news.read(snapshot, town.sites))

    town.store.listen(look)
    for site in town.sites:
        town.draw(site=site.id)

    assert told == []


def books_from_home(town):
    booked = town.fill_in(town.reserve(at="09:30", site=NORDEND))
    town.confirm(town.send_off(booked))
    town.cancel_booking(town.move(town.appointment(booked), "10:00"))
    other = town.book(at="11:00", site=NORDEND)
    assert town.ask_again(other)
    assert people.forget_person(town.store, NORDEND, other.id, by="command", now=town.now)


def answers_by_phone(town):
    who = town.draw(site=NORDEND)
    town.declare_missing(who, site=NORDEND)
    town.postpone(who)
    town.give_back(who)


def checks_in_and_is_called(town):
    town.check_in(town.booked(site=NORDEND, clerk="Clara"), site=NORDEND)
    town.open_counter(PLATZ, "Clara")
    assert town.call(PLATZ, "Clara")
    town.finish(PLATZ)


def signs_in_and_out(town):
    clara = town.clerk("Clara")
    token = staff.sign_in(town.store, clara, now=town.now)
    desks.still_here(town.store, clara, session=token, now=town.now)
    desks.leave(town.store, town.site(NORDEND), clara, now=town.now)
    staff.sign_out(town.store, token)


def comes_with_a_token(town):
    with town.store.snapshot() as snapshot:
        token = api_tokens.named(snapshot, "Programm")
    tokens.note_use(town.store, token, now=town.now)


def pairs_a_wall(town):
    site = town.site(NORDEND)
    wall = site.displays[0].id
    code = team.expect_device(town.store, site, wall, by=town.clerk("Clara"), now=town.now)
    device, _ = staff.pair_device(town.store, code, now=town.now)
    housekeeping.report_display(town.store, device, "running", now=town.now)


def keeps_house(town):
    site = town.site(NORDEND)
    town.pass_time(days=1)
    town.tidy(NORDEND)
    town.tidy_records()
    audit_nights(town.store, site, now=town.now)
    settings_change.note_start(town.store, site, "mark", now=town.now)
    keys.make(town.store)


GO_ON = [books_from_home, answers_by_phone, checks_in_and_is_called, signs_in_and_out,
         comes_with_a_token, pairs_a_wall, keeps_house]  # fmt: skip


@pytest.mark.parametrize("somebody", GO_ON)
def test_while_one_site_is_held_up_somebody_at_another(town, somebody):
    with ThreadPoolExecutor(1) as pool, held_up(town.store, "rathaus"):
        pool.submit(somebody, town).result(PATIENCE_SECONDS)


def test_while_one_site_is_held_up_letters_of_all_go_out(town, tmp_path):
    settings = settings_of(
        town.sites, tmp_path, mail=Mail(sender=SENDER, smtp_url=f"file:{tmp_path}/letters")
    )
    for site in town.sites:
        town.book(site=site.id)
    with ThreadPoolExecutor(1) as pool, held_up(town.store, "rathaus"):
        sent = pool.submit(Postman(town.store, settings).round, town.now).result(PATIENCE_SECONDS)

    assert sent == 2


def test_a_letter_is_made_of_what_is_committed_after_a_later_event_of_another_site(town, tmp_path):
    """Its number in the journal is smaller than what the postman has seen."""
    postman = Postman(town.store, settings_of(town.sites, tmp_path))
    asked = town.book(site="rathaus")
    assert postman.collect(town.now) == 1
    with ThreadPoolExecutor(1) as pool, town.store.transaction("rathaus") as tx:
        tx.apply(AppointmentConfirmed(at=town.now, site="rathaus", appointment=asked.id), asked)
        pool.submit(town.book, site=NORDEND).result(PATIENCE_SECONDS)
        assert pool.submit(postman.collect, town.now).result(PATIENCE_SECONDS) == 1

    assert postman.collect(town.now) == 1


@pytest.mark.parametrize("somebody", GO_ON[:3])
def test_while_a_site_is_held_up_everybody_there_waits_and_then_goes_on(town, tmp_path, somebody):
    with (
        closing(Store(engine_of(postgres_databases.url_for(tmp_path / "town.db")))) as elsewhere,
        psycopg.connect(postgres_databases.url_for(tmp_path / "town.db"), autocommit=True) as raw,
        ThreadPoolExecutor(1) as pool,
    ):
        with held_up(elsewhere, NORDEND):
            waiting = pool.submit(somebody, town)
            until(lambda: raw.execute(WAITING).fetchone() == (1,))
            assert not waiting.done()
        waiting.result(PATIENCE_SECONDS)


def test_what_belongs_to_no_site_records_nothing(town):
    with pytest.raises(RuntimeError, match="no site"), town.store.transaction(NO_SITE) as tx:
        tx.record(town.heard[-1][0])
