"""The shape of a message: its parts, its headers, and that nobody can write a header of theirs."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.contact import is_address
from queue_server.mail.writing import wire_address
from tests.mail.conftest import TUESDAY, Mailroom
from tests.mail.letters_of_all_kinds import EMAIL, KINDS, NAME, WITH_CODE, letter_of
from tests.mailbox import SENDER, Mailbox
from tests.town import Town


def tree(part: EmailMessage) -> object:
    """The types of a message's parts, nested as they are."""
    if not part.is_multipart():
        return part.get_content_type()
    return (part.get_content_type(), *(tree(each) for each in part.iter_parts()))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_has_the_parts_that_clients_expect(
    town: Town, mailroom: Mailroom, kind: str
) -> None:
    html: object = "text/html"
    if kind in WITH_CODE:
        html = ("multipart/related", "text/html", "image/png")
    bodies = ("multipart/alternative", "text/plain", html)
    whole = bodies if kind == "confirmation" else ("multipart/mixed", bodies, "text/calendar")

    assert tree(letter_of(town, mailroom, kind).message) == whole


@pytest.mark.parametrize("kind", KINDS)
def test_the_headers_say_who_writes_and_that_no_answer_is_waited_for(
    town: Town, mailroom: Mailroom, kind: str
) -> None:
    message = letter_of(town, mailroom, kind).message

    assert str(message["From"]) == f"Rathaus Musterstadt <{SENDER}>"
    assert str(message["To"]) == EMAIL
    assert message["Date"].datetime == town.now
    assert message["Message-ID"].endswith("@musterstadt.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "de"
    assert message["Reply-To"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_is_ascii_and_short_enough_for_any_server(
    town: Town, mailroom: Mailroom, kind: str
) -> None:
    lines = letter_of(town, mailroom, kind).raw.split(b"\r\n")

    assert all(line.isascii() and len(line) <= 998 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_a_letter_that_is_sent_twice_has_the_same_name(town: Town, mailroom: Mailroom) -> None:
    """After a power cut between sending and noting it, mailboxes can tell."""
    town.booked(email=EMAIL, day=TUESDAY)
    mailroom.collect()
    first = mailroom.written().message["Message-ID"]
    town.pass_time(minutes=5)

    assert mailroom.written().message["Message-ID"] == first


def test_every_letter_has_a_name_of_its_own(town: Town, mailroom: Mailroom) -> None:
    town.move(town.booked(email=EMAIL, day=TUESDAY), at="10:00", day=TUESDAY)
    town.booked(email=EMAIL, day=TUESDAY, at="09:00")
    mailroom.collect()

    letters = [letter for letter in mailroom.outbox() if letter.id != 1]
    names = {str(mailroom.written(letter).message["Message-ID"]) for letter in letters}

    assert len(names) == len(letters) == 2


# -- headers that somebody would like to write ---------------------------------------------------

NASTY = (
    "Eva\r\nBcc: all@example.org",
    "Eva\nSubject: buy",
    "Eva\r\n\r\nDear friend",
    'Eva" <evil@example.org>, "',
    "=?utf-8?q?Eva=0ABcc:_all=40example.org?=",
    "Eva\u2028Bcc: all@example.org",
)


@pytest.mark.parametrize("name", NASTY)
def test_no_name_can_write_headers(
    town: Town, mailroom: Mailroom, mailbox: Mailbox, name: str
) -> None:
    mailroom.use(mailbox.url)
    town.booked(email=EMAIL, name=name, day=TUESDAY)
    mailroom.round()

    (letter,) = mailbox.letters
    assert letter.to == EMAIL
    assert letter.message.get_all("Bcc") is None
    assert len(letter.message.get_all("Subject") or []) == 1
    assert letter.subject.startswith("Ihr Termin am")
    assert [part.get_content_type() for part in letter.message.iter_parts()] == [
        "multipart/alternative",
        "text/calendar",
    ]


@pytest.mark.parametrize(
    "address",
    [
        "eva@example.org\r\nBcc: all@example.org",
        "eva@example.org\nRCPT TO:<all@example.org>",
        "eva@example.org, all@example.org",
        "<eva@example.org>",
        "eva@example.org>\r\nDATA",
    ],
)
def test_no_address_can_write_headers_or_commands(
    town: Town, mailroom: Mailroom, mailbox: Mailbox, address: str
) -> None:
    mailroom.use(mailbox.url)
    town.booked(email=address, day=TUESDAY)
    mailroom.round()

    assert mailbox.letters == []
    assert [letter.trouble for letter in mailroom.outbox("refused")] == ["recipient address"]


def test_a_site_may_be_called_what_it_likes(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    town.change(name='Bürgerbüro "Süd", Haus A; <Eingang>')
    mailroom.use(mailbox.url)
    town.booked(email=EMAIL, day=TUESDAY)
    mailroom.round()

    (sender,) = mailbox.letters[0].message["From"].addresses
    assert sender.display_name == 'Bürgerbüro "Süd", Haus A; <Eingang>'
    assert sender.addr_spec == SENDER


@given(st.text(max_size=40).map(lambda text: f"{text}@ex\u00e4mple.org"))
def test_whatever_passes_for_an_address_stays_one_line(address: str) -> None:
    if is_address(address):
        on_the_wire = wire_address(address)

        assert on_the_wire.endswith("@xn--exmple-cua.org")
        assert not any(sign in on_the_wire for sign in "\r\n<>, ")


def test_umlauts_in_a_domain_reach_the_mailbox(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    town.booked(email="eva@bürgeramt.example", day=TUESDAY)
    mailroom.round()

    (letter,) = mailbox.letters
    assert letter.to == "eva@xn--brgeramt-65a.example" == str(letter.message["To"])


def test_umlauts_before_the_at_are_written_as_they_are(
    town: Town, mailroom: Mailroom, mailbox: Mailbox
) -> None:
    mailroom.use(mailbox.url)
    town.booked(email="jürgen@example.org", name=NAME, day=TUESDAY)
    mailroom.round()

    (letter,) = mailbox.letters
    assert letter.to == "jürgen@example.org"
    assert "jürgen@example.org" in letter.raw.decode()
