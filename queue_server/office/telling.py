"""Who of those that fall out gets a letter, who has to be phoned, and whom nobody can reach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queue_server.languages.words import counted
from queue_server.mail.wanted import was_told
from queue_server.queries.closing import Concerned
from queue_server.store.database import Reader
from queue_server.store.letters import LetterState

# A letter that was refused, or given up, has told nobody.
NOT_TOLD = frozenset({LetterState.REFUSED, LetterState.DROPPED})


@dataclass(frozen=True, slots=True)
class Telling:
    """Those who fall out, sorted by how they are told.

    `forms` are times that somebody is just choosing: the page itself says that they are gone.
    """

    letters: Sequence[Concerned]
    phones: Sequence[Concerned]
    nobodies: Sequence[Concerned]
    forms: Sequence[Concerned]

    @property
    def count(self) -> int:
        """The appointments, without the times that nobody has booked yet."""
        return len(self.letters) + len(self.phones) + len(self.nobodies)


def telling(reader: Reader, some: Iterable[Concerned], *, mail_is_on: bool) -> Telling:
    """Sort them. An address counts only while letters leave the house and come through."""
    sorted_out: dict[str, list[Concerned]] = {"letter": [], "phone": [], "nobody": [], "form": []}
    for one in some:
        sorted_out[_way(reader, one, mail_is_on)].append(one)
    return Telling(*sorted_out.values())


def sentence(told: Telling, *, is_done: bool = False) -> str:
    """`12 Termine fallen aus: 9 bekommen eine E-Mail, 3 haben nur eine Telefonnummer.`"""
    one, many = ("fiel", "fielen") if is_done else ("fällt", "fallen")
    whole = counted(
        told.count, f"Kein Termin {one} aus", f"{{count}} Termin {one} aus",
        f"{{count}} Termine {many} aus",
    )  # fmt: skip
    parts = [part for part in _parts(told) if part]
    return f"{whole}: {', '.join(parts)}." if parts else f"{whole}."


def _parts(told: Telling) -> list[str]:
    return [
        counted(len(told.letters), "", "{count} bekommt eine E-Mail",
                "{count} bekommen eine E-Mail"),
        counted(len(told.phones), "", "{count} ist nur am Telefon zu erreichen",
                "{count} sind nur am Telefon zu erreichen"),
        counted(len(told.nobodies), "", "{count} ist so nicht zu erreichen",
                "{count} sind so nicht zu erreichen"),
    ]  # fmt: skip


def _way(reader: Reader, one: Concerned, mail_is_on: bool) -> str:
    if not was_told(reader, one.appointment):
        return "form"
    is_lost = one.letter is not None and one.letter.state in NOT_TOLD
    if one.person.email and mail_is_on and not is_lost:
        return "letter"
    return "phone" if one.person.phone else "nobody"
