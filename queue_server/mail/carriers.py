"""The ways out of the house, and whether the configured one is open."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol

from queue_server.mail.folder import FolderCarrier
from queue_server.mail.smtp import SmtpCarrier, server_from
from queue_server.mail.trouble import ServerTrouble
from queue_server.settings import Mail


class Carrier(Protocol):
    """A way out of the house. `carry` and `check` raise the kinds of `Trouble`."""

    def carry(self, name: str, sender: str, to: str, message: EmailMessage) -> None: ...

    def check(self, sender: str) -> None: ...

    def close(self) -> None: ...


def carrier_for(mail: Mail, public_url: str) -> Carrier:
    """The way that the settings name. Raises `ServerTrouble` when they name none."""
    if mail.folder is not None:
        return FolderCarrier(mail.folder)
    return SmtpCarrier(server_from(mail, public_url))


def fault_in(mail: Mail, public_url: str) -> str:
    """What is wrong with the way out, for somebody at a shell; empty when letters would go.

    Goes as far as naming the sender to the server; no letter is sent.
    """
    where = "[mail] smtp_url"
    try:
        carrier = carrier_for(mail, public_url)
        where = str(carrier)
        try:
            carrier.check(mail.sender)
        finally:
            carrier.close()
    except ServerTrouble as trouble:
        return f"mail: {where} {trouble.sentence}"
    return ""
