"""What is valid in config.toml and would still be a mistake in operation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from display.legibility import too_small
from display.words import spoken_by
from queue_server.commands.checks import Remark, noted
from queue_server.commands.checks.clock import zone_notes
from queue_server.commands.checks.proxy import proxy_notes
from queue_server.printing import can_shape
from queue_server.push import check as push
from queue_server.settings import Settings
from queue_server.voice import check as voices

NO_PUBLIC_URL = "Links in letters lead to {url}: [server] public_url is empty."
MAIL_IS_OFF = "Mail is off: [mail] smtp_url is empty. Nobody can book online, and letters wait."
NO_LEGAL_PAGE = "[legal] {key} is empty: public pages have no link to {what}."
LEGAL_PAGES = {
    "imprint_url": "the Impressum",
    "privacy_url": "the privacy notice (Datenschutz)",
    "accessibility_url": "the accessibility statement (Erklärung zur Barrierefreiheit)",
}
UNREADABLE = "display {id}: {why}"
NOT_READY = "display {id}: there are no texts in {languages} yet; the wall leaves them out."
NO_ALT = (
    "site {site}, page number {number}: its picture has no alt, so whoever can't see it learns"
    " nothing of what it says."
)
NO_JOINED_LETTERS = (
    "Slips in Arabic and Persian come out in German: their letters need the Debian package"
    " libfribidi0 (apt install libfribidi0)."
)
SHORTEST_SECRET = 16
SHORT_SECRET = (
    "webhook {label}: its secret is short; whoever guesses it can forge messages. Take {least}"
    " characters or more, for instance from `openssl rand -hex 32`."
)


def config_notes(settings: Settings, now: datetime) -> Iterator[Remark]:
    """Everything that needs nobody else."""
    yield from noted("mail", _mail_notes(settings))
    yield from noted("push", push.notes(settings))
    yield from noted("legal", _legal_notes(settings))
    yield from noted("voice", _voice_notes(settings))
    yield from noted("printers", _paper_notes(settings))
    yield from noted("walls", [*_wall_notes(settings), *_picture_notes(settings)])
    yield from noted("webhooks", _webhook_notes(settings))
    yield from noted("proxy", proxy_notes(settings))
    yield from noted("clock", zone_notes(now))


def _mail_notes(settings: Settings) -> Iterator[str]:
    """What is no mistake while trying things out, but would be one in service."""
    if not settings.mail.is_on:
        yield MAIL_IS_OFF
    elif not settings.server.public_url:
        yield NO_PUBLIC_URL.format(url=settings.public_url)


def _legal_notes(settings: Settings) -> Iterator[str]:
    """What the law wants on public pages of every site."""
    for key, what in LEGAL_PAGES.items():
        own = [getattr(site.links, key.removesuffix("_url")) for site in settings.sites]
        if not getattr(settings.legal, key) and not all(own):
            yield NO_LEGAL_PAGE.format(key=key, what=what)


def _voice_notes(settings: Settings) -> list[str]:
    """Each once: what is missing on the machine is missing at every site."""
    found = [note for site in settings.sites for note in voices.notes(site)]
    return list(dict.fromkeys(found))


def _paper_notes(settings: Settings) -> Iterator[str]:
    """What visitors in two languages would miss."""
    kiosks = (kiosk for site in settings.sites for kiosk in site.kiosks)
    if any(kiosk.has_server_printer for kiosk in kiosks) and not can_shape():
        yield NO_JOINED_LETTERS


def _wall_notes(settings: Settings) -> Iterator[str]:
    """Walls that the last chair cannot read, and languages that nobody has translated."""
    for display in (display for site in settings.sites for display in site.displays):
        if why := too_small(display):
            yield UNREADABLE.format(id=display.id, why=why)
        missing = [each for each in display.languages if each not in spoken_by(display.languages)]
        if missing:
            yield NOT_READY.format(id=display.id, languages=", ".join(missing))


def _picture_notes(settings: Settings) -> Iterator[str]:
    """Pages of information that only eyes can read."""
    for site in settings.sites:
        for number, page in enumerate(site.pages, 1):
            if page.picture and not page.alt:
                yield NO_ALT.format(site=site.id, number=number)


def _webhook_notes(settings: Settings) -> Iterator[str]:
    """A secret that can be guessed signs nothing."""
    for hook in settings.webhooks:
        if len(hook.secret) < SHORTEST_SECRET:
            yield SHORT_SECRET.format(label=hook.label, least=SHORTEST_SECRET)
