"""What can stop a letter, as codes: what a server answers may contain addresses and is not kept."""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from queue_server.domain.errors import StorageFailed

log = logging.getLogger(__name__)
# A refusal that speaks about us (RFC 3463, X.7.X: security and policy), not about the recipient.
_ABOUT_US = re.compile(rb"\b5\.7\.\d|relay|authenticat", re.IGNORECASE)
NEEDS_PASSWORD, HANGING_UP = 530, 421


class Trouble(Exception):
    """Why a letter did not go. `code` is a key of `SENTENCES`, `reply` the server's number or 0."""

    scope = ""

    def __init__(self, code: str, reply: int = 0) -> None:
        super().__init__(code, reply)
        self.code = code
        self.reply = reply

    def __str__(self) -> str:
        """As the outbox keeps it: `server busy 451`, `recipient unknown 550`."""
        return f"{self.scope} {self.code} {self.reply or ''}".rstrip()

    @property
    def sentence(self) -> str:
        """For somebody at a shell."""
        said = SENTENCES[self.code]
        return f"{said} (it answered {self.reply})" if self.reply else said


class ServerTrouble(Trouble):
    """Nothing can be sent; all letters wait."""

    scope = "server"


class LetterTrouble(Trouble):
    """This letter does not go now; others may."""

    scope = "letter"


class RecipientRefused(Trouble):
    """There is no such recipient; trying again would not change that."""

    scope = "recipient"


SENTENCES = {
    "settings": "is no address of a mail server",
    "unreachable": "can't be reached",
    "timeout": "does not answer in time",
    "hung_up": "hung up",
    "certificate": "shows a certificate that is not valid for its name",
    "tls": "does not manage an encrypted connection",
    "no_tls": "offers no encryption (STARTTLS), and without it no password is sent",
    "password": "does not accept user name and password",
    "no_login": "offers no way to sign in; leave user name and password out",
    "needs_password": "wants a user name and a password",
    "busy": "can't take letters at the moment",
    "sender": "does not accept the sender, see [mail] sender",
    "folder": "can't be written",
    "later": "wants this letter later",
    "content": "does not accept this letter",
    "relay": "does not pass letters on to this recipient for us",
    "writing": "was never asked: the letter could not be written",
    "limit": "was not asked: this address was written to too often in a day",
    "unknown": "does not know the recipient",
    "address": "was never asked: this is no e-mail address",
    "umlauts": "can't write to addresses with umlauts before the @",
}


def while_connecting(error: Exception) -> ServerTrouble:
    """What it means when not even a first word can be exchanged."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return ServerTrouble("certificate")
    if isinstance(error, ssl.SSLError):
        return ServerTrouble("tls")
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return ServerTrouble("password", error.smtp_code)
    if isinstance(error, smtplib.SMTPResponseException):
        return ServerTrouble("busy", max(error.smtp_code, 0))
    if isinstance(error, smtplib.SMTPServerDisconnected) or is_timeout(error):
        return ServerTrouble("timeout" if is_timeout(error) else "hung_up")
    return ServerTrouble("unreachable")


def while_sending(error: Exception) -> Trouble:
    """What it means when a letter was on its way."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _of_recipient(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPSenderRefused):
        return about_sender(error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return RecipientRefused("umlauts")
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code != HANGING_UP:
        code = "later" if error.smtp_code < 500 else "content"
        return LetterTrouble(code, error.smtp_code)
    return LetterTrouble("timeout" if is_timeout(error) else "hung_up")


def about_sender(reply: int) -> ServerTrouble:
    """What it means when the sender is not accepted."""
    if reply == NEEDS_PASSWORD:
        return ServerTrouble("needs_password", reply)
    return ServerTrouble("sender" if reply >= 500 else "busy", reply)


def _of_recipient(reply: int, text: bytes) -> Trouble:
    if reply == HANGING_UP:
        return ServerTrouble("busy", reply)
    if reply < 500:
        return LetterTrouble("later", reply)
    # A wrong password or a relay that does not know us must not cost anybody their letter.
    if reply == NEEDS_PASSWORD or _ABOUT_US.search(text):
        return LetterTrouble("relay", reply)
    return RecipientRefused("unknown", reply)


def is_timeout(error: BaseException) -> bool:
    """Whether the server kept us waiting for too long."""
    # smtplib turns a timeout into "connection unexpectedly closed" and keeps it as the context.
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


@contextmanager
def fault_of(letter: int) -> Iterator[None]:
    """What goes wrong in here is the fault of this letter alone: raises `LetterTrouble`."""
    try:
        yield
    except (Trouble, StorageFailed):
        raise
    except Exception as error:
        # The text of the error may quote the letter, the places in the code cannot.
        places = "".join(traceback.format_tb(error.__traceback__))
        log.error("letter=%s could not be written: %s\n%s", letter, type(error).__name__, places)
        raise LetterTrouble("writing") from None
