"""The text of every letter, in German; the catalogues hold the other languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from queue_server.domain.appointment import CANCELLED, opens_at
from queue_server.domain.site import Service
from queue_server.languages import GERMAN, texts, words
from queue_server.mail.contents import Contents
from queue_server.store.letters import LetterKind


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to do. `hint` stands before the bare address, for whoever sees no button."""

    label: str
    link: str
    hint: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a letter says, in the order in which it is read.

    `facts` are pairs of a word and its value; `code` is the Termincode where the letter has one;
    `ways` are further links, pairs of words and address; `bring` is what to bring, by service;
    `heading` is that of the notes; `quiet` stands small at the end.
    """

    subject: str
    title: str
    intro: tuple[str, ...] = ()
    notice: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    button: Button | None = None
    ways: tuple[tuple[str, str], ...] = ()
    bring: tuple[Service, ...] = ()
    heading: str = ""
    notes: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()


def page_of(contents: Contents, public_url: str) -> Page:
    """The words of this letter."""
    if (
        contents.letter.kind is LetterKind.CONFIRMATION
        and not contents.appointment.confirmation_key
    ):
        return _another(contents)
    return _PAGES[contents.letter.kind](contents, public_url)


def _confirmation(contents: Contents, public_url: str) -> Page:
    _ = texts(contents.language).gettext
    about = contents.appointment
    link = f"{public_url}/termin/{about.token}/confirmation?key={about.confirmation_key}"
    held = _(
        "diese Zeit ist bis {until} für Sie vorgemerkt. Bitte bestätigen Sie den Termin bis dahin, "
        "sonst wird die Zeit wieder frei."
    )
    until = _day_and_time(contents, about.expires_at or contents.now)
    then = _(
        "Danach bekommen Sie eine zweite E-Mail mit Ihrem Termincode und der Liste, was Sie "
        "mitbringen."
    )
    stranger = _(
        "Sie haben keinen Termin vorgemerkt? Dann tun Sie bitte nichts: Die Zeit wird von selbst "
        "wieder frei, und Ihre Adresse wird gelöscht."
    )
    return Page(
        subject=_("Bitte bestätigen Sie Ihren Termin am {when}").format(when=_when(contents)),
        title=_("Bitte bestätigen Sie Ihren Termin"),
        intro=(held.format(until=until),),
        facts=_facts(contents),
        button=_button(contents, _("Termin bestätigen"), link),
        notes=(then,),
        quiet=(stranger,),
    )


def _another(contents: Contents) -> Page:
    """Somebody booked with an address that has a booking: its owner is told, and nobody else."""
    _ = texts(contents.language).gettext
    what = _(
        "jemand wollte mit dieser E-Mail-Adresse einen weiteren Termin buchen. Für diese Adresse "
        "besteht schon ein Termin oder eine Vormerkung. Deshalb wurde kein weiterer gebucht."
    )
    other_time = _(
        "Möchten Sie eine andere Zeit? Dann verschieben Sie bitte den Termin, den Sie schon haben: "
        "Der Link dazu steht in der E-Mail, die Sie dafür bekommen haben. Oder sagen Sie ihn dort "
        "ab und buchen Sie neu."
    )
    stranger = _(
        "Waren Sie das nicht? Dann tun Sie bitte nichts. An Ihrem Termin ändert sich nichts."
    )
    return Page(
        subject=_("Für Ihre Adresse besteht schon ein Termin"),
        title=_("Für Ihre Adresse besteht schon ein Termin"),
        intro=(what,),
        notes=(other_time,),
        quiet=(stranger,),
    )


def _booked(contents: Contents, public_url: str) -> Page:
    _ = texts(contents.language).gettext
    page = Page(
        subject=_("Ihr Termin am {when}").format(when=_when(contents)),
        title=_("Ihr Termin steht fest"),
        intro=(_("hier sind Ihr Termincode und alles, was Sie für den Besuch brauchen."),),
    )
    return _with_visit(page, contents, public_url)


def _moved(contents: Contents, public_url: str) -> Page:
    _ = texts(contents.language).gettext
    page = Page(
        subject=_("Neue Zeit für Ihren Termin: {when}").format(when=_when(contents)),
        title=_("Ihr Termin hat eine neue Zeit"),
        intro=(_("die frühere Zeit gilt nicht mehr. Ihr Termincode bleibt derselbe."),),
    )
    return _with_visit(page, contents, public_url)


def _reminder(contents: Contents, public_url: str) -> Page:
    _ = texts(contents.language).gettext
    page = Page(
        subject=_("Erinnerung: Ihr Termin am {when}").format(when=_when(contents)),
        title=_("Erinnerung an Ihren Termin"),
        intro=(
            _(
                "bitte denken Sie an Ihren Termin. Können Sie nicht kommen, sagen Sie ihn bitte "
                "ab: Dann kann ihn jemand anderes nehmen."
            ),
        ),
    )
    return _with_visit(page, contents, public_url)


def _cancelled(contents: Contents, public_url: str) -> Page:
    _ = texts(contents.language).gettext
    return Page(
        subject=_("Ihr Termin am {when} ist abgesagt").format(when=_when(contents)),
        title=_("Ihr Termin ist abgesagt"),
        intro=(_("Sie haben diesen Termin abgesagt. Sie müssen nichts weiter tun."),),
        facts=_facts(contents),
        button=_rebooking(contents, public_url),
        notes=_out_of_the_calendar(contents),
    )


def _cancelled_by_office(contents: Contents, public_url: str) -> Page:
    _ = texts(contents.language).gettext
    page = _cancelled(contents, public_url)
    if not contents.by_office:
        again = _("Brauchen Sie weiterhin einen Termin, können Sie eine neue Zeit wählen.")
        return replace(page, intro=(_("dieser Termin ist abgesagt."), again))
    return replace(
        page,
        subject=_("Wir müssen Ihren Termin am {when} absagen").format(when=_when(contents)),
        title=_("Wir müssen Ihren Termin absagen"),
        intro=(
            _("leider kann dieser Termin nicht stattfinden. Das tut uns leid."),
            _("Bitte wählen Sie eine neue Zeit. Ihr Anliegen ist schon eingetragen."),
        ),
        notice=contents.notice,
    )


def _with_visit(page: Page, contents: Contents, public_url: str) -> Page:
    """The Termincode, what to bring, when to come, and where to change all that."""
    _ = texts(contents.language).gettext
    link = f"{public_url}/termin/{contents.appointment.token}"
    return replace(
        page,
        facts=_facts(contents),
        code=contents.appointment.code,
        bring=tuple(each for each in contents.services if each.documents or each.fee),
        button=_button(contents, _("Termin ansehen"), link),
        ways=(
            (_("Termin verschieben"), f"{link}/start"),
            (_("Termin absagen"), f"{link}/cancellation"),
        ),
        heading=_("So melden Sie sich an"),
        notes=(
            *_arriving(contents),
            _("Mit der angehängten Datei termin.ics tragen Sie den Termin in Ihren Kalender ein."),
        ),
    )


def _facts(contents: Contents) -> tuple[tuple[str, str], ...]:
    said, about, site = texts(contents.language), contents.appointment, contents.site
    facts = [
        (said.gettext("Wann"), _day_and_time(contents, about.start_at, with_year=True)),
        (said.gettext("Wo"), "\n".join(filter(None, (contents.office, site.address)))),
        (said.gettext("Anliegen"), "\n".join(service.name for service in contents.services)),
    ]
    if about.persons > 1:
        persons = said.ngettext("{count} Person", "{count} Personen", about.persons)
        facts.append((said.gettext("Für"), persons.format(count=about.persons)))
    if about.state is not CANCELLED:
        facts.append((said.gettext("Dauer"), _duration(contents)))
    return tuple((word, value) for word, value in facts if value)


def _duration(contents: Contents) -> str:
    about = contents.appointment
    minutes = (about.end_at - about.start_at) // timedelta(minutes=1)
    text = texts(contents.language).gettext("etwa {minutes}")
    return text.format(minutes=words.minutes(minutes, language=contents.language))


def _arriving(contents: Contents) -> tuple[str, str]:
    """Rule by rule when to come: from, late, too late."""
    _ = texts(contents.language).gettext
    about, rules = contents.appointment, contents.site.checkin
    late = about.start_at + timedelta(minutes=rules.grace_minutes)
    last = about.start_at + timedelta(minutes=rules.late_until_minutes)
    return (
        _(
            "Melden Sie sich ab {time} am Check-in-Terminal an: Halten Sie den QR-Code davor, oder "
            "tippen Sie den Termincode ein."
        ).format(time=_clock(contents, opens_at(about, rules))),
        _(
            "Bis {late} sind Sie pünktlich. Wer später kommt, wird aufgerufen wie ohne Termin. "
            "Nach {last} verfällt der Termin."
        ).format(late=_clock(contents, late), last=_clock(contents, last)),
    )


def _out_of_the_calendar(contents: Contents) -> tuple[str, ...]:
    if not contents.was_booked:
        return ()
    _ = texts(contents.language).gettext
    return (_("Mit der angehängten Datei termin.ics nehmen Sie den Termin aus Ihrem Kalender."),)


def _rebooking(contents: Contents, public_url: str) -> Button | None:
    """To the free times for the same visit; nothing when it cannot be booked online."""
    about, services = contents.appointment, contents.services
    if len(services) < len(about.services) or not all(each.bookable for each in services):
        return None
    visit = {
        "site": contents.site.id,
        "services": about.services,
        "persons": about.persons,
    } | ({} if contents.language == GERMAN else {"lang": contents.language})
    link = f"{public_url}/termin/times?{urlencode(visit, doseq=True)}"
    return _button(contents, texts(contents.language).gettext("Neue Zeit wählen"), link)


def _button(contents: Contents, label: str, link: str) -> Button:
    hint = texts(contents.language).gettext("Oder öffnen Sie diese Adresse:")
    return Button(label, link, hint)


def _when(contents: Contents) -> str:
    return _day_and_time(contents, contents.appointment.start_at)


def _day_and_time(contents: Contents, moment: datetime, *, with_year: bool = False) -> str:
    """`Montag, 8. Juni, 10:15 Uhr`"""
    zone, language = contents.site.zone, contents.language
    day = words.day(moment, zone, language=language)
    year = f" {moment.astimezone(zone).year}" if with_year else ""
    text = texts(language).gettext("{day}, {time}")
    return text.format(day=day + year, time=words.clock(moment, zone, language=language))


def _clock(contents: Contents, moment: datetime) -> str:
    return words.clock(moment, contents.site.zone, language=contents.language)


_PAGES: dict[LetterKind, Callable[[Contents, str], Page]] = {
    LetterKind.CONFIRMATION: _confirmation,
    LetterKind.BOOKED: _booked,
    LetterKind.MOVED: _moved,
    LetterKind.CANCELLED: _cancelled,
    LetterKind.CANCELLED_BY_OFFICE: _cancelled_by_office,
    LetterKind.REMINDER: _reminder,
}
