"""Earlier texts of config.toml: looked at, and put back like any other change.

A lead puts back what concerns their own office; what reaches beyond it is the administration's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_server.domain.errors import BadRequest, NotFound
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.changes import last_change
from queue_server.office.setup.pages import NOT_WRITTEN, STATUS, file_state, folder_of
from queue_server.office.setup.problem_words import ProblemShown, problem_words
from queue_server.queries.settings_effects import outside_hours
from queue_server.settings import ConfigError
from queue_server.settings.editing.difference import changed_lines
from queue_server.settings.editing.file import NotWritten, backups_of, fingerprint
from queue_server.settings.load import config_text
from queue_server.web.configuration import Proposal
from queue_server.web.forms import text

STAMP = "%Y-%m-%dT%H%M%S.%f"
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A kept text of config.toml, and when it was replaced.

    `lines` are how many differ from what is in force; None when it can't be read any more.
    """

    id: str
    at: datetime
    lines: int | None


@room.get("/office/setup/backups")
def backups_page() -> AnyResponse:
    """The kept texts, the newest first; with `at` what putting one back would change."""
    who = clerk_request()
    if text("at"):
        return _checked(who)
    found = who.context.pools.reports(lambda: _earlier(who))
    return page(who, "office/backups_of_file.html", found=found, said=text("said"),
                **file_state(who))  # fmt: skip


@room.post("/office/setup/backups")
def put_back() -> AnyResponse:
    """Put a text back that was looked at and that nobody stands in the way of."""
    who = clerk_request()
    if not text("at"):
        raise BadRequest(errors=[("at", "missing", "")])
    return _checked(who, is_meant=True)


def _earlier(who: ClerkRequest) -> list[EarlierText]:
    settings = who.context.settings
    return [
        EarlierText(_stamp(each), _moment(_stamp(each)), _differing(settings.text, each))
        for each in reversed(backups_of(settings.path))
    ]


def _differing(now: str, earlier: Path) -> int | None:
    try:
        passages = changed_lines(now, config_text(earlier))
    except (ConfigError, ValueError):
        return None
    return sum(max(len(each.gone), len(each.come)) for each in passages)


def _stamp(path: Path) -> str:
    return ".".join(path.name.split(".")[-3:-1])


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def _checked(who: ClerkRequest, *, is_meant: bool = False) -> AnyResponse:
    """What the text means; saved when that was shown before and nothing stands in its way."""
    stamp = text("at")
    try:
        proposal = who.context.configuration.put_back(_kept_text(who, stamp), who.now)
    except ConfigError as error:
        return _look(who, stamp, problems=problem_words(error, folder_of(who)))
    except ValueError:
        return _look(who, stamp, problems=[ProblemShown("Sie lässt sich nicht mehr lesen.")])
    beyond = [] if who.clerk.role == "admin" else _beyond(proposal.keys, who.site.id)
    obstacles = _obstacles(who, proposal, beyond)
    if obstacles or not is_meant:
        return _look(who, stamp, None if beyond else proposal, obstacles)
    # Another text in force than was looked at, or another kept text under the same name.
    if (text("base"), text("kept")) != (proposal.base, fingerprint(proposal.text)):
        return _look(who, stamp, proposal, why="changed")
    try:
        who.context.configuration.save(proposal, who.site, who.clerk.id, who.now)
    except NotWritten as refusal:
        return _look(who, stamp, proposal, why=refusal.why)
    return redirect(url_for("office.backups_page", said="saved"), 303)


def _kept_text(who: ClerkRequest, stamp: str) -> str:
    """Raises `NotFound` for a text that is not kept, or no longer."""
    settings = who.context.settings
    kept = {_stamp(each): each for each in backups_of(settings.path)}
    if stamp not in kept:
        raise NotFound(backup=stamp)
    return who.context.pools.reports(lambda: config_text(kept[stamp]))


def _beyond(keys: Sequence[str], site: str) -> list[str]:
    """What only the administration may change: other sites, the server, and printers."""
    return [key for key in keys if not key.startswith(f"site.{site}.") or _is_printer(key)]


def _is_printer(key: str) -> bool:
    """A kiosk that comes or goes as a whole brings its printer."""
    _, _, *names = key.split(".")
    return names[0] == "kiosk" and (len(names) < 3 or names[2] == "printer")


def _obstacles(who: ClerkRequest, proposal: Proposal, beyond: Sequence[str]) -> list[str]:
    """Why it can't be put back here, in sentences."""
    if beyond:
        return [f"Diese Fassung ändert auch, was nur die Verwaltung ändern darf: {_some(beyond)}."]
    if proposal.needs_start:
        return [f"{_some(proposal.needs_start)} lässt sich nur von Hand ändern, mit einem Neustart "
                "des Servers."]  # fmt: skip
    if proposal.in_use:
        ids = _some([each.id for each in proposal.in_use])
        return [f"Diese Fassung nimmt etwas weg, worauf noch jemand wartet: {ids}."]
    if count := _outside(who, proposal):
        return [f"Nach den Öffnungszeiten dieser Fassung lägen gebuchte Termine außerhalb: {count}."
                " Bitte ändern Sie die Öffnungszeiten zuerst unter „Einrichten“; dort wird "
                "abgesagt."]  # fmt: skip
    return []


def _outside(who: ClerkRequest, proposal: Proposal) -> int:
    with who.store.snapshot() as snapshot:
        return sum(
            len(outside_hours(snapshot, site, proposal.settings.site(site.id), who.now))
            for site in who.context.settings.sites
        )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def _look(
    who: ClerkRequest,
    stamp: str,
    proposal: Proposal | None = None,
    obstacles: Sequence[str] = (),
    *,
    problems: Sequence[ProblemShown] = (),
    why: str = "",
) -> AnyResponse:
    with who.store.snapshot() as snapshot:
        quicker = last_change(snapshot, who) if why == "changed" else None
    return page(
        who,
        "office/backup_of_file.html",
        422 if problems else STATUS.get(why, 200),
        at=stamp,
        replaced_at=_moment(stamp),
        proposal=proposal,
        kept=fingerprint(proposal.text) if proposal else "",
        obstacles=obstacles,
        problems=problems,
        trouble=NOT_WRITTEN.get(why, ""),
        quicker=quicker,
    )
