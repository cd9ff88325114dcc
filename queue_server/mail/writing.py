"""A letter as it leaves: text and HTML say the same, a picture of the code, a calendar file."""

from __future__ import annotations

import unicodedata
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from queue_server.domain.codes import code_link
from queue_server.domain.contact import is_address
from queue_server.languages import direction, texts
from queue_server.languages.words import NO_BREAK, comma
from queue_server.mail.contents import Contents
from queue_server.mail.invitation import CANCEL, PUBLISH, invitation
from queue_server.mail.pages import Page, page_of
from queue_server.mail.trouble import RecipientRefused
from queue_server.qr import qr_png
from queue_server.store.letters import LetterKind

TEMPLATES = Path(__file__).with_name("templates")
# 45 modules or so: sharp on a telephone, and still under three kilobytes.
QR_PIXELS_PER_MODULE = 8
FILE_NAME = "termin.ics"
# Text lines may be as long as they like; the lines of the message may not.
READABLE = "quoted-printable"
SIDES = {"ltr": ("left", "right"), "rtl": ("right", "left")}
"""Where a line begins and where it ends."""


def written(contents: Contents, sender: str, public_url: str) -> EmailMessage:
    """The letter, ready to be sent. Raises `RecipientRefused` when its address is none.

    Subject and headers hold neither name nor Termincode: they stand in logs along the way.
    """
    page = page_of(contents, public_url)
    message = EmailMessage(policy=SMTP)
    _address(message, contents, page, sender)
    picture = str(message["Message-ID"]).strip("<>")
    words = {"page": page, "contents": contents, "site": contents.site, "picture": picture}
    message.set_content(_rendered("letter.txt", contents, words), cte=READABLE)
    html = _rendered("letter.html", contents, words)
    message.add_alternative(html, subtype="html", cte=READABLE)
    if page.code:
        _add_picture(message, picture, code_link(public_url, page.code))
    _add_invitation(message, contents, sender)
    # At last: while parts are added, headers of contents move into the first of them.
    message["Content-Language"] = contents.language
    return message


def wire_address(address: str) -> str:
    """The address as mail servers know it: `a@köln.example` is `a@xn--kln-sna.example`."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{'.'.join(_label(each) for each in domain.split('.'))}"


def _address(message: EmailMessage, contents: Contents, page: Page, sender: str) -> None:
    office = " ".join(contents.site.name.split())
    message["From"] = _mailbox(sender, office)
    if not is_address(contents.email):
        raise RecipientRefused("address")
    message["To"] = _mailbox(wire_address(contents.email))
    message["Subject"] = page.subject.replace(NO_BREAK, " ")
    message["Date"] = contents.now.astimezone(UTC)
    message["Message-ID"] = _message_id(contents, sender)
    # No machine answers a machine: neither holidays nor receipts.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"


def _mailbox(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def _message_id(contents: Contents, sender: str) -> str:
    """The same whenever this letter is sent again, so that mailboxes show it once."""
    letter = contents.letter
    secret = f"{contents.appointment.token}:{letter.kind}:{letter.cause}"
    return f"<{sha256(secret.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _rendered(template: str, contents: Contents, words: dict[str, object]) -> str:
    text = _templates(contents.language).get_template(template).render(words)
    return text if template.endswith(".html") else text.replace(NO_BREAK, " ")


@cache
def _templates(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    said = texts(language)
    environment.install_gettext_callables(said.gettext, said.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["comma"] = comma(language)
    environment.globals["direction"] = towards = direction(language)
    # Mailboxes know few of the words that turn with the script: the sides are named.
    environment.globals["begin"], environment.globals["end"] = SIDES[towards]
    return environment


def _add_picture(message: EmailMessage, picture: str, link: str) -> None:
    html = message.get_body(("html",))
    assert isinstance(html, EmailMessage)
    png = qr_png(link, QR_PIXELS_PER_MODULE)
    html.add_related(png, "image", "png", cid=f"<{picture}>", disposition="inline")


def _add_invitation(message: EmailMessage, contents: Contents, sender: str) -> None:
    kind = contents.letter.kind
    if kind is LetterKind.CONFIRMATION or not contents.was_booked:
        return
    is_gone = kind in (LetterKind.CANCELLED, LetterKind.CANCELLED_BY_OFFICE)
    method = CANCEL if is_gone else PUBLISH
    message.add_attachment(
        invitation(contents, sender, method),
        maintype="text",
        subtype="calendar",
        filename=FILE_NAME,
        params={"method": method, "charset": "utf-8"},
    )


def _label(label: str) -> str:
    """A part of a domain in ASCII (IDNA 2008: ß stays another letter than ss)."""
    plain = unicodedata.normalize("NFC", label.lower())
    return label if label.isascii() else f"xn--{plain.encode('punycode').decode()}"
