"""What every test may ask for, and the promise that with `CI=true` none is skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests import allowed, postgres_databases
from tests.office import Office, make_office
from tests.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

MAY_SKIP = os.environ.get("CI", "").lower() not in ("true", "1")

# Two cores shared with other work: a slow example is no news, nor is one that is slowly made up.
# With CI=true every run tries the same examples, so that a red run can be repeated.
settings.register_profile(
    "here", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True)
settings.load_profile("here" if MAY_SKIP else "ci")


@pytest.fixture(autouse=postgres_databases.IS_ASKED_FOR)
def databases_given_back(tmp_path: Path) -> Iterator[None]:
    yield
    postgres_databases.give_back(tmp_path)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path / "town.db")
    yield town
    town.store.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The whole application in this process, with its cast and a clock of its own."""
    office = make_office(tmp_path)
    yield office
    office.store.close()


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """One a process: whoever needs no browser does not even import it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    from tests.browser.conftest import CHROMIUM, FLAGS

    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


def pytest_report_header() -> list[str]:
    return [f"Left out, because this system refuses it: {need}" for need in allowed.refused()]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what says nothing about files; nowhere what the system refuses."""
    left_out = [item for item in items if _is_of_files(item) or _is_refused(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _is_of_files(item: pytest.Item) -> bool:
    return postgres_databases.IS_ASKED_FOR and item.get_closest_marker("sqlite") is not None


def _is_refused(item: pytest.Item) -> bool:
    is_fault = item.path.parent.name == "faults"
    needed = allowed.NEEDS.keys() & getattr(item, "fixturenames", ()) if is_fault else ()
    return not all(map(allowed.is_allowed, needed))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and not MAY_SKIP:
        reporter.write_line("Nothing may be skipped with CI=true.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
