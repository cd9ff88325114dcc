"""The calling rule of a site: look at it, decide it, give the decision back."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Literal

from flask import Response
from pydantic import BaseModel

from queue_server.actions import rules as verbs
from queue_server.api.door import Body, answer, endpoint, read
from queue_server.domain import events
from queue_server.domain.site import PriorityRules, Site
from queue_server.in_force import rules_of
from queue_server.store import identities, journal
from queue_server.store import rules as decisions
from queue_server.web.hall import hall
from queue_server.web.identity import require_clerk


class RulesOut(BaseModel):
    """A calling rule with all its numbers; only some of them matter for each rule."""

    rule: str
    busy_from_minutes: int
    guard_after_minutes: int
    guard_every: int
    ratio: float


class RuleInForceOut(RulesOut):
    """The rule in force, and who decided it: `office`, or `config` as long as config.toml counts.

    `since` and `clerk` are of the last change; `configured` is what config.toml says.
    """

    decided_by: Literal["office", "config"]
    since: datetime | None = None
    clerk: str | None = None
    configured: RulesOut


class DecideRules(Body):
    """The rule from the next call on; a number that is left out stays as it is."""

    rule: Literal["due_first", "strict", "arrival", "accumulating"]
    busy_from_minutes: int | None = None
    guard_after_minutes: int | None = None
    guard_every: int | None = None
    ratio: float | None = None


@endpoint("GET", "/sites/<site>/rules", who="lead", answers={200: RuleInForceOut})
def site_rules(site: str) -> Response:
    """The calling rule in force, and who decided it."""
    place = hall().site(site)
    require_clerk(place, role="lead")
    return _answer(place)


@endpoint("PUT", "/sites/<site>/rules", who="lead", body=DecideRules, answers={200: RuleInForceOut})
def decide_rules(site: str) -> Response:
    """Decide the calling rule; it counts from the next call on, at every desk."""
    house = hall()
    place = house.site(site)
    clerk = require_clerk(place, role="lead")
    wanted = read(DecideRules).model_dump(exclude_none=True)
    with house.store.snapshot() as snapshot:
        rules = replace(rules_of(snapshot, place), **wanted)
    verbs.decide(house.store, place, rules, clerk, now=house.now())
    return _answer(place)


@endpoint("DELETE", "/sites/<site>/rules", who="lead", answers={200: RuleInForceOut})
def undecide_rules(site: str) -> Response:
    """The rule of config.toml holds again; twice is once."""
    house = hall()
    place = house.site(site)
    clerk = require_clerk(place, role="lead")
    verbs.as_configured(house.store, place, clerk, now=house.now())
    return _answer(place)


def _answer(site: Site) -> Response:
    with hall().store.snapshot() as snapshot:
        is_decided = decisions.decided(snapshot, site.id) is not None
        rules = rules_of(snapshot, site)
        last = journal.newest(snapshot, site.id, events.RulesSet.__name__, 1)
        names = identities.clerk_names(snapshot, site.id)
    return answer(
        RuleInForceOut(
            **asdict(rules),
            decided_by="office" if is_decided else "config",
            since=last[0].at.astimezone(site.zone) if last else None,
            clerk=names.get(last[0].clerk) if last and last[0].clerk else None,
            configured=_plain(site.priority),
        )
    )


def _plain(rules: PriorityRules) -> RulesOut:
    return RulesOut(**asdict(rules))
