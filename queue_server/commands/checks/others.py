"""Checks that ask other machines: mail server, push services, receivers, printers, voices."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from threading import Thread

from queue_server.commands.checks import Remark, noted, wrong
from queue_server.commands.checks.clock import clock_notes
from queue_server.commands.checks.proxy import answer_notes
from queue_server.domain.kiosk import Kiosk
from queue_server.domain.site import Site
from queue_server.domain.webhook import Webhook
from queue_server.mail.carriers import fault_in
from queue_server.printing import Condition, PrinterTrouble, printer_for
from queue_server.push import check as push
from queue_server.settings import Settings
from queue_server.voice import check as voices
from queue_server.webhooks.sending import ReceiverTrouble, knock

OTHERS_SECONDS = 8.0
"""For all of them together, however they talk."""

LATE = "does not answer in time"
TROUBLE = {
    Condition.PAPER: "has no paper",
    Condition.COVER: "has its cover open",
    Condition.FAULT: "reports a fault: look for jammed paper, then switch it off and on",
    Condition.SILENT: "does not answer any more: switch it off and on",
    Condition.UNREACHABLE: "can't be reached",
    Condition.UNKNOWN_ADDRESS: "has an address that nobody understands",
}
KNOCK_SECONDS = 5.0
Look = Callable[[], Iterable[str]]
Judge = Callable[[str, Iterable[str]], list[Remark]]
Asked = tuple[str, str, Judge, Look]


def answers(settings: Settings, now: datetime) -> Iterator[Remark]:
    """What all of them have to say. Who keeps dripping bytes for ever is not waited for."""
    asked = list(_asked(settings, now))
    found: dict[int, list[str]] = {}
    threads = [
        # A thread that never ends does not hold up the end of the program.
        Thread(target=lambda n=number, one=look: found.update({n: list(one())}), daemon=True)
        for number, (_, _, _, look) in enumerate(asked)
    ]
    for thread in threads:
        thread.start()
    give_up = time.monotonic() + OTHERS_SECONDS
    for thread in threads:
        thread.join(max(0.0, give_up - time.monotonic()))
    for number, (area, whom, judge, _) in enumerate(asked):
        yield from judge(area, found.get(number, [f"{whom} {LATE}"]))


def _asked(settings: Settings, now: datetime) -> Iterator[Asked]:
    """Whom, about what, how much it weighs, and how."""
    if settings.mail.is_on:
        yield "mail", "mail: the mail server", wrong, partial(_mail_problems, settings)
    for hook in settings.webhooks:
        whom = f"webhook {hook.label}:"
        yield "webhooks", whom, wrong, partial(_webhook_problems, whom, hook)
    if settings.push.enabled:
        yield "push", "push: the push services", wrong, partial(_push_problems, settings)
    for site in settings.sites:
        whom = f"voice of site {site.id}:"
        yield "voice", whom, wrong, partial(_voice_problems, whom, site, settings)
        for kiosk in site.kiosks:
            whom = f"printer {kiosk.printer} of kiosk {kiosk.id}:"
            yield "printers", whom, wrong, partial(_printer_problems, whom, kiosk)
    yield "clock", "timedatectl", noted, clock_notes
    yield "proxy", settings.public_url, noted, partial(answer_notes, settings, now)


def _mail_problems(settings: Settings) -> list[str]:
    """Everything up to the first letter, which is not sent."""
    fault = fault_in(settings.mail, settings.public_url)
    return [fault] if fault else []


def _webhook_problems(whom: str, hook: Webhook) -> list[str]:
    """Whether the receiver is there; nothing is sent."""
    try:
        knock(hook, KNOCK_SECONDS)
    except ReceiverTrouble as trouble:
        return [f"{whom} {trouble.sentence}"]
    return []


def _push_problems(settings: Settings) -> list[str]:
    return [f"push: {fault}" for fault in push.faults(settings)]


def _printer_problems(whom: str, kiosk: Kiosk) -> list[str]:
    try:
        printer = printer_for(kiosk.printer)
        if printer is not None:
            printer.check()
    except PrinterTrouble as trouble:
        return [f"{whom} {TROUBLE[trouble.condition]} ({trouble})"]
    return []


def _voice_problems(whom: str, site: Site, settings: Settings) -> list[str]:
    return [f"{whom} {fault}" for fault in voices.faults(site, settings.path.parent)]
