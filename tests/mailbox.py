"""A real SMTP server on loopback that keeps what it gets: one that delivers, fails, hangs, refuses.

It is told what to do by plain attributes, at any time: `says["MAIL"] = "451 later"` answers every
letter so, `refuses` holds addresses that nobody has, and with `hangs_up` the line goes dead in
the middle of a letter.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.office import HERE, ForkedServer, Server, free_port

CERTIFICATE = Path(__file__).with_name("certificate.pem")
"""For `localhost`, signed by itself, known to nobody else; its key is no secret."""

SENDER = "termine@musterstadt.example"
ARRIVES_WITHIN_SECONDS = 60.0


@dataclass(frozen=True)
class Received:
    """A letter as it arrived: the envelope, and the message with its parts."""

    sender: str
    to: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    @cached_property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @cached_property
    def text(self) -> str:
        return self._body("plain")

    @cached_property
    def html(self) -> str:
        return self._body("html")

    @cached_property
    def code(self) -> str:
        """The Termincode that stands in the text."""
        found = re.search(r"\b[2-9A-X]{3}-[2-9A-X]{3}-[2-9A-X]{3}\b", self.text)
        assert found, self.text
        return found[0]

    @cached_property
    def calendar(self) -> bytes:
        """The attached calendar file; empty without one."""
        parts = self.message.iter_attachments()
        found = [part for part in parts if part.get_content_type() == "text/calendar"]
        return bytes(found[0].get_payload(decode=True)) if found else b""

    def link_to(self, words: str) -> str:
        """The first address in the text that contains these words."""
        links: list[str] = re.findall(r"https?://\S+", self.text)
        return next(link for link in links if words in link)

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())


class _Switchboard(Controller):
    """Keeps every line from the moment it is made, also of those who never say a word."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.lines: list[SMTP] = []

    def factory(self) -> SMTP:
        self.lines.append(super().factory())
        return self.lines[-1]

    def let_nobody_in(self) -> None:
        """The port stays open: a server that is closed fails whom it has just let in."""
        assert isinstance(self.server, asyncio.Server)
        for listening in self.server.sockets:
            self.loop.remove_reader(listening.fileno())


class Mailbox:
    """The server; a context manager. With `user` it wants to be signed in to, behind STARTTLS."""

    def __init__(
        self, *, port: int = 0, user: str = "", password: str = "", tls: bool = False,
        wrapped: bool = False, umlauts: bool = True,
    ) -> None:  # fmt: skip
        self.port = port or free_port()
        self.scheme = "smtps" if wrapped else "smtp"
        self.says: dict[str, str] = {}
        self.refuses: set[str] = set()
        self.hangs_up = False
        self.letters: list[Received] = []
        self.connections = 0
        self.signed_in = 0
        self._login = (user.encode(), password.encode())
        self._came = threading.Condition()
        tls = tls or bool(user)
        context = _context() if tls or wrapped else None
        self._controller = _Switchboard(
            self,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=context if wrapped else None,
            tls_context=context if tls and not wrapped else None,
            auth_required=bool(user),
            authenticator=self._authenticate,
            enable_SMTPUTF8=umlauts,
            server_hostname="mail.test",
            ready_timeout=ARRIVES_WITHIN_SECONDS,
        )
        self._lines = self._controller.lines

    @property
    def url(self) -> str:
        """For [mail] smtp_url."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def __enter__(self) -> Mailbox:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        # A line that still stands would be left to the garbage collector, in another test.
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._controller.loop).result()
        self._controller.stop()

    async def _hang_up(self) -> None:
        self._controller.let_nobody_in()
        # Whoever has just been let in becomes a line within the next turns of the loop.
        await _some_turns()
        self._end_lines()
        # Sockets are closed in a turn of the loop of their own, behind TLS in the one after it.
        await _some_turns()

    def _end_lines(self) -> None:
        for server in self._lines:
            # A line that has ended by itself has no transport any more.
            if server.transport is not None:
                server.transport.abort()

    def wait_for(self, count: int, seconds: float = ARRIVES_WITHIN_SECONDS) -> list[Received]:
        """All letters, as soon as there are this many; fails when they don't come."""
        with self._came:
            came = self._came.wait_for(lambda: len(self.letters) >= count, seconds)
        assert came, f"{len(self.letters)} of {count} letters after {seconds} s"
        return list(self.letters)

    def drop_connections(self) -> None:
        """End every line from this side, as servers do after a while."""
        self._controller.loop.call_soon_threadsafe(self._end_lines)

    def to(self, address: str) -> list[Received]:
        """Letters to this address, in the order in which they came."""
        return [letter for letter in self.letters if letter.to == address]

    # -- what the SMTP server asks -----------------------------------------------------------

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        self.connections += 1
        return answers

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return f"550 5.1.1 <{address}>: no such user here"
        if "RCPT" in self.says:
            return self.says["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hangs_up:
            server.transport.abort()
            return "421 gone"
        if "DATA" in self.says:
            return self.says["DATA"]
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        with self._came:
            self.letters.append(Received(str(envelope.mail_from), envelope.rcpt_tos[0], raw))
            self._came.notify_all()
        return "250 taken"

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        given = (data.login, data.password) if isinstance(data, LoginPassword) else None
        is_right = given == self._login
        self.signed_in += is_right
        return AuthResult(success=is_right, handled=False)


async def _some_turns() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def office_with_mail(folder: Path, smtp_url: str) -> Server:
    """A running office that sends letters there; nobody has to prove any work."""
    text = (HERE / "office.toml").read_text()
    text = text.replace("walk_in_share = 0.0", "walk_in_share = 0.0\nproof = false")
    config = folder / "mail.toml"
    config.write_text(f'{text}\n[mail]\nsender = "{SENDER}"\nsmtp_url = "{smtp_url}"\n')
    return ForkedServer(folder, config).start()


@contextmanager
def hanging_server() -> Iterator[str]:
    """The address of a mail server that picks up and then never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        yield f"smtp://127.0.0.1:{silent.getsockname()[1]}"


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context
