"""The calling rule of a site: look at it, decide it, give the decision back."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Literal

from flask import Response
from pydantic import BaseModel

from queue_server.actions import rules as actions
from queue_server.api.blueprint import Asked, Body, answer, endpoint
from queue_server.domain import events
from queue_server.domain.site import PriorityRules
from queue_server.store import decisions, identities, journal
from queue_server.store.decisions import rules_in_force


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
def site_rules(asked: Asked) -> Response:
    """The calling rule in force, and who decided it."""
    return _answer(asked)


@endpoint("PUT", "/sites/<site>/rules", who="lead", body=DecideRules, answers={200: RuleInForceOut})
def decide_rules(asked: Asked, body: DecideRules) -> Response:
    """Decide the calling rule; it counts from the next call on, at every desk."""
    wanted = body.model_dump(exclude_none=True)
    with asked.store.snapshot() as snapshot:
        rules = replace(rules_in_force(snapshot, asked.site), **wanted)
    actions.decide(asked.store, asked.site, rules, asked.clerk, now=asked.now)
    return _answer(asked)


@endpoint("DELETE", "/sites/<site>/rules", who="lead", answers={200: RuleInForceOut})
def undecide_rules(asked: Asked) -> Response:
    """The rule of config.toml holds again; twice is once."""
    actions.as_configured(asked.store, asked.site, asked.clerk, now=asked.now)
    return _answer(asked)


def _answer(asked: Asked) -> Response:
    site = asked.site
    with asked.store.snapshot() as snapshot:
        is_decided = decisions.decided_rules(snapshot, site.id) is not None
        rules = rules_in_force(snapshot, site)
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
