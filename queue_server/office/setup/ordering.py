"""The order of a list: moved one by one without saving, then looked at and saved as one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from queue_server.domain.site import Site
from queue_server.office.setup.contents import entries, entry_id
from queue_server.office.setup.parts import SetupPart
from queue_server.office.setup.reading import entry_name
from queue_server.settings.editing import Change, OrderTables
from queue_server.web.forms import text

STEPS = {"up": -1, "down": 1}
# What the form says about the order and about nothing else.
PRESSED = ("up", "down")


@dataclass(frozen=True, slots=True)
class ListOrder:
    """The ids in the order that was asked for; `moved` went `pressed`, to be gone on with there."""

    ids: Sequence[str]
    there: Sequence[str]
    moved: str = ""
    pressed: str = ""

    @property
    def is_other(self) -> bool:
        return self.ids != self.there


def asked_order(part: SetupPart, site: Site) -> ListOrder:
    """The order as it was sent, after the button that was pressed.

    Whatever was sent, everything that is there stands in it once: what a colleague has added
    meanwhile comes last.
    """
    there = [entry_id(each, number) for number, each in enumerate(entries(part, site))]
    sent = [id for id in dict.fromkeys(request.form.getlist("order")) if id in there]
    ids = sent + [id for id in there if id not in sent]
    for pressed, step in STEPS.items():
        moved = text(pressed)
        if moved in ids and 0 <= (to := ids.index(moved) + step) < len(ids):
            ids.insert(to, ids.pop(ids.index(moved)))
            return ListOrder(ids, there, moved, pressed)
    return ListOrder(ids, there)


def named(part: SetupPart, site: Site, order: ListOrder) -> list[tuple[str, str]]:
    """Id and name of every entry, in this order."""
    names = {
        (id := entry_id(each, number)): entry_name(each, id)
        for number, each in enumerate(entries(part, site))
    }
    return [(id, names[id]) for id in order.ids]


def order_changes(part: SetupPart, site: Site, order: ListOrder) -> list[Change]:
    """What has to happen in config.toml; nothing when all stays where it was."""
    if not order.is_other:
        return []
    names = tuple(part.key(id) for id in order.ids)
    return [OrderTables(("site", site.id), part.kind, names)]
