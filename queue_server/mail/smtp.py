"""One SMTP connection for as many letters as there are."""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from threading import Timer
from urllib.parse import unquote, urlsplit

from queue_server.mail.trouble import (
    ServerTrouble,
    Trouble,
    about_sender,
    is_timeout,
    while_connecting,
    while_sending,
)
from queue_server.settings import Mail

TIMEOUT_SECONDS = 15.0
GOODBYE_SECONDS = 2.0
PLAIN_PORT, SUBMISSION_PORT, WRAPPED_PORT = 25, 587, 465
# One letter that makes the server hang up may be that letter's fault; two in a row are not.
BROKEN_IN_A_ROW = 2
TAKEN = 250


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters go, out of [mail] smtp_url. `is_wrapped` is TLS from the first byte (smtps).

    `is_near` is this machine itself: what does not leave it needs neither encryption nor a
    certificate. `hello` is how we introduce ourselves; without one, as this machine is called.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_wrapped: bool = False
    is_near: bool = False
    hello: str | None = None
    timeout_seconds: float = TIMEOUT_SECONDS

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def server_from(mail: Mail, public_url: str = "") -> MailServer:
    """The server that the settings name. Raises `ServerTrouble` when the address is none."""
    try:
        url = urlsplit(mail.smtp_url)
        host, port = url.hostname, url.port
    except ValueError:
        raise ServerTrouble("settings") from None
    if not host:
        raise ServerTrouble("settings")
    user = unquote(url.username or "")
    usual = SUBMISSION_PORT if user else PLAIN_PORT
    return MailServer(
        host=host,
        port=port or (WRAPPED_PORT if url.scheme == "smtps" else usual),
        user=user,
        password=mail.password or unquote(url.password or ""),
        is_wrapped=url.scheme == "smtps",
        is_near=_is_loopback(host),
        hello=_public_host(public_url),
    )


def connect(server: MailServer) -> smtplib.SMTP:
    """A connection that is ready for letters: greeted, encrypted, signed in.

    Encryption is used when it is offered. It is demanded, and the certificate looked at, as soon
    as there is a password to protect: whoever could forge the certificate could as well hide the
    offer. Raises `ServerTrouble`.
    """
    try:
        line = _greeted(server)
        try:
            _encrypt(line, server)
            _sign_in(line, server)
        except BaseException:
            line.close()
            raise
        return line
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise while_connecting(error) from None


class SmtpCarrier:
    """Carries letters over one connection, made when the first letter comes."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None
        self._broken = 0

    def __str__(self) -> str:
        return f"the mail server {self._server}"

    def carry(self, name: str, sender: str, to: str, message: EmailMessage) -> None:
        """Returns when the server has taken the letter. Raises the kinds of `Trouble`.

        A connection that the server closed after the previous letter is opened again.
        """
        was_used = self._line is not None
        try:
            try:
                self._send(sender, to, message)
            except smtplib.SMTPServerDisconnected as error:
                if not was_used or is_timeout(error):
                    raise
                self.close()
                self._send(sender, to, message)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise self._judged(while_sending(error)) from None
        self._broken = 0

    def check(self, sender: str) -> None:
        """Whether the server would take letters from this sender. Raises `ServerTrouble`."""
        self._line = connect(self._server)
        try:
            reply, _ = self._line.mail(sender)
            self._line.rset()
        except (OSError, smtplib.SMTPException) as error:
            raise while_connecting(error) from None
        if reply != TAKEN:
            raise about_sender(reply)

    def close(self) -> None:
        """Say goodbye; a server that does not answer is not waited for."""
        if self._line is not None and self._line.sock is not None:
            self._line.sock.settimeout(GOODBYE_SECONDS)
            with suppress(OSError, smtplib.SMTPException):
                self._line.quit()
            self._line.close()
        self._line = None

    def _send(self, sender: str, to: str, message: EmailMessage) -> None:
        self._line = self._line or connect(self._server)
        _send(self._line, sender, to, message)

    def _judged(self, trouble: Trouble) -> Trouble:
        """The trouble, seen together with what the connection went through before."""
        if trouble.code not in ("timeout", "hung_up", "busy"):
            return trouble
        self.close()
        self._broken += 1
        if self._broken < BROKEN_IN_A_ROW:
            return trouble
        return ServerTrouble(trouble.code, trouble.reply)


def _greeted(server: MailServer) -> smtplib.SMTP:
    timeout, hello = server.timeout_seconds, server.hello
    if not server.is_wrapped:
        return PatientSmtp(server.host, server.port, hello, timeout)
    context = _context(is_strict=not server.is_near)
    return PatientSmtpSsl(server.host, server.port, hello, timeout=timeout, context=context)


def _encrypt(line: smtplib.SMTP, server: MailServer) -> None:
    line.ehlo_or_helo_if_needed()
    if server.is_wrapped:
        return
    is_needed = bool(server.user) and not server.is_near
    if line.has_extn("starttls"):
        line.starttls(context=_context(is_strict=is_needed))
        line.ehlo_or_helo_if_needed()
    elif is_needed:
        raise ServerTrouble("no_tls")


def _sign_in(line: smtplib.SMTP, server: MailServer) -> None:
    if not server.user:
        return
    try:
        line.login(server.user, server.password)
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise ServerTrouble("password" if isinstance(error, UnicodeError) else "no_login") from None


def _send(line: smtplib.SMTP, sender: str, to: str, message: EmailMessage) -> None:
    # The body is seven bits in any case; only an umlaut before the @ needs another SMTP.
    is_wide = not (to.isascii() and sender.isascii())
    if is_wide and not line.has_extn("smtputf8"):
        raise smtplib.SMTPNotSupportedError("SMTPUTF8")
    line.command_encoding = "utf-8" if is_wide else "ascii"
    options = ("SMTPUTF8", "BODY=8BITMIME") if is_wide else ()
    line.sendmail(sender, [to], message.as_bytes(policy=SMTPUTF8 if is_wide else SMTP), options)


def _context(*, is_strict: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not is_strict:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _public_host(public_url: str) -> str | None:
    """A name that the world knows; servers distrust `localhost` and bare addresses."""
    host = urlsplit(public_url).hostname or ""
    is_name = "." in host and not host.replace(".", "").isdigit() and host.isascii()
    return host if is_name else None


class PatientSmtp(smtplib.SMTP):
    """As smtplib's, but `timeout` is for a whole answer and not for each of its bytes."""

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer. Raises TimeoutError when it does not come to an end."""
        is_over: list[bool] = []
        watch = Timer(self.timeout, self._cut, [is_over])
        watch.daemon = True
        watch.start()
        try:
            return super().getreply()
        finally:
            watch.cancel()
            # Also when what came until then looks like an answer.
            if is_over:
                self.close()
                raise TimeoutError("the answer did not come to an end")

    def _cut(self, is_over: list[bool]) -> None:
        is_over.append(True)
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class PatientSmtpSsl(PatientSmtp, smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""
