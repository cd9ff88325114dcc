"""The floors of the tests themselves: real parts, and waits that wait."""

from __future__ import annotations

import re
from pathlib import Path

from tests.test_house import ROOT, name_of


def test_no_test_mocks():
    mocks = re.compile(r"unittest\.mock|\bMagicMock\b")
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]

    assert [name_of(path) for path in tests if mocks.search(path.read_text())] == []


def test_no_browser_test_takes_a_promise_for_its_fulfilment():
    # Playwright's wait_for_function ends at once with whatever is true, and a promise always is.
    promise = re.compile(r"\basync\b|\bawait\b|\.then\(|\bcaches\b")
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    waits = [(name_of(path), found) for path in tests for found in predicates(path.read_text())]

    assert len(waits) > 5 and [wait for wait in waits if promise.search(wait[1])] == []


def predicates(text: str) -> list[str]:
    """The JavaScript that pages are waited for with, constants of the same file looked up."""
    given = re.findall(r"wait_for_function\(\s*(?:f?\"(.*)\"|(\w+))", text)
    constant = r'^{} = f?(?:"""(.*?)"""|"(.*?)")'
    return [
        words or "".join((re.findall(constant.format(name), text, re.S | re.M) or [("?",)])[0])
        for words, name in given
    ]
