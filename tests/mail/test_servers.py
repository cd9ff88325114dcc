"""How letters reach mail servers: encryption, signing in, umlauts, and what goes wrong."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from queue_server.mail.carriers import fault_in
from queue_server.mail.smtp import MailServer, SmtpCarrier, connect, server_from
from queue_server.mail.trouble import SENTENCES, RecipientRefused, ServerTrouble
from queue_server.mail.writing import wire_address
from queue_server.settings import Mail
from queue_server.web.wording import TROUBLES
from tests.mailbox import CERTIFICATE, SENDER, Mailbox, hanging_server
from tests.office import free_port


def server_at(mailbox: Mailbox, *, host: str = "localhost", near: bool = False) -> MailServer:
    """The mailbox as a server elsewhere, to which the rules for the open network apply."""
    server = server_from(Mail(mailbox.url, SENDER))
    return replace(server, host=host, is_near=near, timeout_seconds=20.0)


def letter(to: str = "a@b.example") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["To"] = to
    message.set_content("Guten Tag")
    return message


def carry(server: MailServer, to: str = "a@b.example") -> None:
    carrier = SmtpCarrier(server)
    try:
        carrier.carry("1", SENDER, to, letter())
    finally:
        carrier.close()


def trouble_with(server: MailServer) -> str:
    with pytest.raises(ServerTrouble) as caught:
        connect(server)
    return caught.value.code


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine knows the certificate of the tests."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


# -- the address --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("smtp://mail.example", "mail.example", 25),
        ("smtp://user:secret@mail.example", "mail.example", 587),
        ("smtps://mail.example", "mail.example", 465),
        ("smtp://mail.example:2525/", "mail.example", 2525),
        ("smtp://[::1]:2525", "::1", 2525),
    ],
)
def test_an_address_without_a_port_means_the_usual_one(url: str, host: str, port: int) -> None:
    server = server_from(Mail(url, SENDER))

    assert (server.host, server.port) == (host, port)


def test_the_password_setting_goes_before_the_one_in_the_address() -> None:
    url = "smtp://us%40er:sec%2Fret@mail.example"

    assert server_from(Mail(url, SENDER)).user == "us@er"
    assert server_from(Mail(url, SENDER)).password == "sec/ret"
    assert server_from(Mail(url, SENDER, password="other")).password == "other"


@pytest.mark.parametrize("url", ["smtp://", "smtp://mail.example:0x1", "smtp://mail:99999"])
def test_an_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(ServerTrouble) as caught:
        server_from(Mail(url, SENDER))

    assert caught.value.code == "settings"


def test_no_secret_is_shown_when_a_server_is() -> None:
    server = server_from(Mail("smtp://user:secret@mail.example", SENDER))

    assert "secret" not in repr(server) + str(server) + str(SmtpCarrier(server))


@pytest.mark.parametrize(
    ("public_url", "hello"),
    [
        ("https://termine.example.de", "termine.example.de"),
        ("http://localhost:8000", None),
        ("http://192.168.1.7:8000", None),
        ("", None),
    ],
)
def test_the_house_introduces_itself_by_a_name_that_the_world_knows(
    public_url: str, hello: str | None
) -> None:
    assert server_from(Mail("smtp://mail.example", SENDER), public_url).hello == hello


# -- encryption and signing in --------------------------------------------------------------------


@pytest.mark.usefixtures("trusted")
def test_the_password_travels_encrypted() -> None:
    with Mailbox(user="aufruf", password="geheim") as mailbox:
        carry(replace(server_at(mailbox), user="aufruf", password="geheim"))

        assert (len(mailbox.letters), mailbox.signed_in) == (1, 1)


def test_a_certificate_that_nobody_knows_gets_no_password() -> None:
    with Mailbox(user="aufruf", password="geheim") as mailbox:
        server = replace(server_at(mailbox), user="aufruf", password="geheim")

        assert trouble_with(server) == "certificate"
        assert mailbox.signed_in == 0


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_gets_no_password() -> None:
    with Mailbox(user="aufruf", password="geheim") as mailbox:
        server = server_at(mailbox, host="127.0.0.1")

        assert trouble_with(replace(server, user="aufruf", password="geheim")) == "certificate"


def test_without_encryption_no_password_is_sent() -> None:
    with Mailbox() as mailbox:
        assert trouble_with(replace(server_at(mailbox), user="aufruf", password="x")) == "no_tls"


def test_without_a_password_encryption_is_used_but_proves_nothing() -> None:
    """Whoever could forge the certificate could as well hide that encryption is offered."""
    with Mailbox(tls=True) as mailbox:
        carry(server_at(mailbox))

        assert len(mailbox.letters) == 1


def test_without_password_and_encryption_letters_go_in_the_open() -> None:
    with Mailbox() as mailbox:
        carry(server_at(mailbox))

        assert len(mailbox.letters) == 1


def test_on_this_machine_nobodys_certificate_is_asked_for() -> None:
    with Mailbox(user="aufruf", password="geheim") as mailbox:
        server = server_from(Mail(mailbox.url.replace("//", "//aufruf:geheim@"), SENDER))
        carry(server)

        assert server.is_near and len(mailbox.letters) == 1


@pytest.mark.usefixtures("trusted")
def test_smtps_is_encrypted_from_the_first_byte() -> None:
    with Mailbox(wrapped=True) as mailbox:
        carry(server_at(mailbox))

        assert len(mailbox.letters) == 1


def test_smtps_looks_at_the_certificate() -> None:
    with Mailbox(wrapped=True) as mailbox:
        assert trouble_with(server_at(mailbox)) == "certificate"


def test_a_server_that_does_not_speak_tls_is_told_apart() -> None:
    with Mailbox() as mailbox:
        assert trouble_with(replace(server_at(mailbox), is_wrapped=True)) == "tls"


def test_a_server_that_knows_no_passwords_is_told_apart() -> None:
    with Mailbox() as mailbox:
        server = replace(server_at(mailbox, near=True), user="aufruf", password="geheim")

        assert trouble_with(server) == "no_login"


@pytest.mark.parametrize("password", ["falsch", "fälsch"])
def test_a_wrong_password_is_told_apart(password: str) -> None:
    with Mailbox(user="aufruf", password="geheim") as mailbox:
        server = replace(server_at(mailbox, near=True), user="aufruf", password=password)

        assert trouble_with(server) == "password"


# -- servers that are not there --------------------------------------------------------------------


def test_a_silent_server_and_a_missing_one_are_told_apart() -> None:
    with hanging_server() as url:
        silent = replace(server_from(Mail(url, SENDER)), timeout_seconds=0.2)
        assert trouble_with(silent) == "timeout"
    assert trouble_with(server_from(Mail(f"smtp://127.0.0.1:{free_port()}", SENDER))) == (
        "unreachable"
    )


def test_a_connection_that_the_server_ended_between_letters_is_made_anew() -> None:
    with Mailbox() as mailbox:
        carrier = SmtpCarrier(server_at(mailbox))
        carrier.carry("1", SENDER, "a@b.example", letter())
        mailbox.drop_connections()

        carrier.carry("2", SENDER, "a@b.example", letter())
        carrier.close()
        assert (len(mailbox.letters), mailbox.connections) == (2, 2)


# -- addresses with umlauts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "on_the_wire"),
    [
        ("a@köln.example", "a@xn--kln-sna.example"),
        ("a@KÖLN.example", "a@xn--kln-sna.example"),
        # As registries have known it since 2010: another name than strasse.
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("a@o\u0308rtchen.example", "a@xn--rtchen-vxa.example"),
        ("A.b+c@Example.ORG", "A.b+c@Example.ORG"),
        ("müller@example.org", "müller@example.org"),
    ],
)
def test_domains_travel_in_ascii(address: str, on_the_wire: str) -> None:
    assert wire_address(address) == on_the_wire


def test_an_umlaut_before_the_at_needs_a_server_that_knows_it() -> None:
    with Mailbox() as mailbox:
        carry(server_at(mailbox), to="müller@example.org")
        assert mailbox.letters[0].to == "müller@example.org"
    with Mailbox(umlauts=False) as mailbox, pytest.raises(RecipientRefused) as caught:
        carry(server_at(mailbox), to="müller@example.org")
    assert caught.value.code == "umlauts"


# -- the words about it ----------------------------------------------------------------------------


def test_every_trouble_has_an_english_and_a_german_sentence() -> None:
    assert SENTENCES.keys() == TROUBLES.keys()
    assert all(words.endswith(".") for words in TROUBLES.values())


def test_looking_at_a_good_server_finds_nothing_and_sends_nothing() -> None:
    with Mailbox() as mailbox:
        assert fault_in(Mail(mailbox.url, SENDER), "") == ""
        assert mailbox.letters == []


def test_looking_at_a_server_says_in_words_what_is_wrong() -> None:
    port = free_port()
    missing = fault_in(Mail(f"smtp://user:secret@127.0.0.1:{port}", SENDER), "")
    assert missing == f"mail: the mail server 127.0.0.1:{port} can't be reached"
    with Mailbox() as mailbox:
        mailbox.says["MAIL"] = "550 who are you"
        assert fault_in(Mail(mailbox.url, SENDER), "").endswith(
            "does not accept the sender, see [mail] sender (it answered 550)"
        )
    assert fault_in(Mail("smtp://:1", SENDER), "") == (
        "mail: [mail] smtp_url is no address of a mail server"
    )
