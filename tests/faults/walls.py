"""A wall in a real browser that is watched through faults: what it shows, and which calls ring."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page, expect

from queue_server.store.transaction import Store
from tests.browser.wall_steps import connected

FRESH_MS = 30_000
# What the page asks its own module, so that each gong can be told by its call.
LISTEN = """async () => {
  const { Chime } = await import("/static/display/chime.js");
  const due = Chime.prototype.due;
  window.rung = [];
  Chime.prototype.due = function (calls, nowMs) {
    const found = due.call(this, calls, nowMs);
    for (const each of found)
      window.rung.push([`${each.call}/${each.times}`, nowMs - Date.parse(each.at)]);
    return found;
  };
}"""
# The calls that are shown, and whether the page believes that it hears its server.
SHOWN = """(wanted) => document.documentElement.dataset.link === "up"
  && JSON.stringify([...document.querySelectorAll("#rows tr")]
    .map((row) => Number(row.dataset.call)).sort((a, b) => a - b)) === JSON.stringify(wanted)"""
STANDING = """SELECT max(calls.id) AS id FROM calls JOIN tickets ON tickets.id = calls.ticket
    WHERE tickets.state = 'called' GROUP BY calls.ticket ORDER BY 1"""


class ListeningWall:
    """One page, never loaded anew."""

    def __init__(self, page: Page) -> None:
        self.page = connected(page)
        page.evaluate(LISTEN)

    def seconds_until_right(self, store: Store) -> float:
        """How long it takes until the page shows what stands in the database, and nothing else."""
        began = time.monotonic()
        self.page.wait_for_function(SHOWN, arg=standing(store), polling=50)
        return time.monotonic() - began

    def rang_each_call_once_while_it_was_fresh(self) -> int:
        """No call rang twice, and none that was old; returns how many rang."""
        rung: list[list[Any]] = self.page.evaluate("window.rung")
        calls = [call for call, _ in rung]
        assert len(set(calls)) == len(calls), "a call rang twice"
        assert [age for _, age in rung if age >= FRESH_MS] == []
        expect(self.page.locator("html")).to_have_attribute("data-link", "up")
        return len(calls)


def standing(store: Store) -> list[int]:
    """The calls that every wall has to show now."""
    with store.snapshot() as reader:
        return [row["id"] for row in reader.rows(STANDING)]
