"""One visit through all its letters, as its holder would get them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from bs4 import BeautifulSoup

from queue_server.domain.appointment import Appointment
from queue_server.domain.site import BookingRules, Translation
from queue_server.store import appointments
from tests.mail.conftest import TUESDAY, Mailroom
from tests.mailbox import Received
from tests.town import Town

NAME, EMAIL = "Şükriye Yılmaz-Großmann", "yilmaz@example.org"
NOTICE = "Wegen eines Wasserschadens ist das Rathaus am Dienstag geschlossen."
KINDS = ("confirmation", "booked", "moved", "reminder", "cancelled", "cancelled_by_office")
WITH_CODE = ("booked", "moved", "reminder")
LANGUAGES = ("de", "en")


def furnish(town: Town) -> None:
    """What a real office says about itself and its services."""
    town.change(
        name="Rathaus Musterstadt",
        address="Marktplatz 1, 24000 Musterstadt",
        phone="04321 987-0",
        booking=BookingRules(open_per_address=9, walk_in_share=0),
    )
    town.change_service(
        "Meldewesen",
        fee="gebührenfrei",
        documents=("Personalausweis oder Reisepass", "Wohnungsgeberbestätigung"),
        translations={
            "en": Translation(
                name="Register a new address",
                fee="free of charge",
                documents=("Identity card or passport", "Confirmation from the landlord"),
            )
        },
    )
    town.change_service(
        "Ausweise",
        documents=("alter Ausweis", "digitales Passfoto"),
        max_persons=4,
        translations={
            "en": Translation(
                name="Identity cards",
                fee="37.00 €",
                documents=("old identity card", "digital photo"),
            )
        },
    )


def letter_of(town: Town, mailroom: Mailroom, kind: str, language: str = "de") -> Received:
    """The letter of this kind about a visit of two persons for two services on Tuesday."""
    furnish(town)
    _STORIES[kind](town, _asked(town, language), mailroom)
    mailroom.collect()
    return mailroom.written()


def appointment_of(town: Town) -> Appointment:
    """The visit as it is now; the only one."""
    with town.store.snapshot() as snapshot:
        row = snapshot.row("SELECT id FROM appointments")
        assert row is not None
        return appointments.get(snapshot, "rathaus", row["id"])


def _asked(town: Town, language: str) -> Appointment:
    return town.book(
        "Meldewesen",
        "Ausweise",
        at="09:00",
        day=TUESDAY,
        persons=2,
        name=NAME,
        email=EMAIL,
        language=language,
    )


def _booked(town: Town, asked: Appointment, mailroom: Mailroom) -> None:
    town.confirm(asked)


def _moved(town: Town, asked: Appointment, mailroom: Mailroom) -> None:
    town.move(town.confirm(asked), at="10:00", day=TUESDAY)


def _reminder(town: Town, asked: Appointment, mailroom: Mailroom) -> None:
    town.move(town.confirm(asked), at="09:00", day=TUESDAY.replace(day=10))
    mailroom.collect()
    town.set_clock("09:00", TUESDAY.replace(day=9))
    mailroom.remind()


def _cancelled(town: Town, asked: Appointment, mailroom: Mailroom) -> None:
    town.cancel_booking(town.confirm(asked))


def _by_office(town: Town, asked: Appointment, mailroom: Mailroom) -> None:
    town.confirm(asked)
    town.decide_day(TUESDAY, notice=NOTICE)


def _nothing_more(town: Town, asked: Appointment, mailroom: Mailroom) -> None:
    """The form was sent off."""


_STORIES: dict[str, Callable[[Town, Appointment, Mailroom], None]] = {
    "confirmation": _nothing_more,
    "booked": _booked,
    "moved": _moved,
    "reminder": _reminder,
    "cancelled": _cancelled,
    "cancelled_by_office": _by_office,
}


@lru_cache
def said(html: str) -> str:
    """The words of an HTML letter, as a reader sees them."""
    page = BeautifulSoup(html, "html.parser")
    for hidden in page.select("style, title, [style*='display:none']"):
        hidden.decompose()
    return " ".join(page.get_text(" ").split()).replace("\xa0", " ")


def in_both(letter: Received, words: str) -> bool:
    """Whether the text and the HTML say this."""
    return words in " ".join(letter.text.split()) and words in said(letter.html)
