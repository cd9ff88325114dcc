"""The words on paper, in the language of its reader; they come from templates as on pages."""

from __future__ import annotations

from typing import Any, Protocol

from flask import render_template

from kiosk.blueprint import KioskRequest, on_a_day
from kiosk.visit import Visit, due_words
from queue_server.domain.appointment import Appointment
from queue_server.domain.site import Service
from queue_server.languages import GERMAN, RIGHT_TO_LEFT, words
from queue_server.languages.hyphenation import softened
from queue_server.languages.office_texts import documents_for, name_of, short_name_of
from queue_server.printing import Slip, can_shape
from queue_server.web.language import current, speaking

# No text of config.toml may hold such a sign.
BETWEEN_PARTS = "\x1e"
NARROW_MM = 58


class Printable(Protocol):
    """What the slip of an appointment tells."""

    @property
    def appointment(self) -> Appointment: ...

    @property
    def services(self) -> tuple[Service, ...]: ...

    @property
    def code_url(self) -> str: ...


def slip_of(asked: KioskRequest, visit: Visit) -> Slip:
    """The number, the concern, the time, how many go first, and the way to follow on the phone.

    It is in the language of the page.
    """
    site, ticket = asked.site, visit.ticket
    with speaking(_on_paper(current())):
        caption, strong, lines, follow, footer = _parts(
            "kiosk/slip.txt",
            asked,
            visit=visit,
            issued=words.date_time(ticket.issued_at, site.zone, current()),
            due=due_words(ticket, site),
        )
    return Slip(
        _context(asked, current()),
        ticket.number,
        caption=" ".join(caption),
        strong=strong,
        lines=lines,
        qr_text=visit.follow_url,
        qr_caption=" ".join(follow),
        footer=footer,
    )


def slip_of_booked(asked: KioskRequest, booked: Printable) -> Slip:
    """The Termincode stands where the number stands on the slip of a ticket."""
    site, appointment = asked.site, booked.appointment
    with speaking(_on_paper(current())):
        caption, strong, lines, footer = _parts(
            "kiosk/booked.txt",
            asked,
            booked=booked,
            start=on_a_day(appointment.start_at, site.zone),
            documents=documents_for(site, appointment.services, current()).values(),
            opens_before=words.minutes(site.checkin.early_minutes, current()),
        )
    return Slip(
        _context(asked, current()),
        appointment.code,
        caption=" ".join(caption),
        strong=strong,
        lines=lines,
        qr_text=booked.code_url,
        footer=footer,
    )


def _context(asked: KioskRequest, language: str) -> str:
    """Whose slip it is, on narrow paper in short."""
    named = short_name_of if asked.kiosk.paper_mm == NARROW_MM else name_of
    return named(asked.site, language).text


def _on_paper(language: str) -> str:
    """German where the letters of a language can't be joined."""
    return GERMAN if language in RIGHT_TO_LEFT and not can_shape() else language


def _parts(template: str, asked: KioskRequest, **values: Any) -> list[tuple[str, ...]]:
    """The lines of each part of the template, in the language that is spoken now."""
    text = render_template(
        template,
        site=asked.site,
        office_words=asked.site.slip.in_language(current()),
        next_part=BETWEEN_PARTS,
        **values,
    )
    return [_lines(part) for part in text.split(BETWEEN_PARTS)]


def _lines(part: str) -> tuple[str, ...]:
    said = (softened(line.strip(), current()) for line in part.splitlines())
    return tuple(line for line in said if line)
