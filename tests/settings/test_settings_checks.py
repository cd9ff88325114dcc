"""What only shows when several keys are seen together."""

from __future__ import annotations

import pytest

BRANCH = """
[[site]]
id = "nordend"
name = "Nordend"
[site.hours]
tue = ["09:00-13:00"]
[[site.service]]
id = "meldewesen"
name = "Meldewesen"
group = "M"
minutes = 15
[[site.counter]]
id = "%s"
name = "Platz 1"
"""


def test_two_sites_may_offer_the_same_service(office, smallest):
    settings = office.load(smallest + BRANCH % "nordend-1")

    assert settings.site("nordend").service("meldewesen").minutes == 15


def test_a_counter_id_is_unique_over_all_sites(office, smallest):
    [problem] = office.problems(smallest + BRANCH % "1")

    assert problem == (
        'config.toml line 26: site "nordend".counter "1".id: '
        'expected an id of its own, "1" is taken already'
    )


@pytest.mark.parametrize("kind", ["display", "kiosk"])
def test_the_ids_of_displays_and_kiosks_are_unique_over_all_sites(office, smallest, kind):
    device = f'\n[[site.{kind}]]\nid = "eingang"\n'

    [problem] = office.problems(smallest + device + BRANCH % "nordend-1" + device)

    assert f'site "nordend".{kind} "eingang".id: expected an id of its own' in problem


def test_two_services_of_a_site_need_two_ids(office, smallest):
    twice = smallest[smallest.index("[[site.service]]") : smallest.index("[[site.counter]]")]

    [problem] = office.problems(smallest + twice)

    assert 'service "meldewesen".id: expected an id of its own' in problem


def test_overlapping_hours_are_refused_and_touching_ones_are_not(office, smallest):
    overlap = smallest.replace('["08:00-12:00"]', '["11:00-18:00", "08:00-12:00"]')
    touching = smallest.replace('["08:00-12:00"]', '["12:00-24:00", "00:00-12:00"]')

    assert office.problems(overlap) == [
        'config.toml line 5: site "rathaus".hours.mon: these opening hours overlap'
    ]
    monday = office.load(touching).site("rathaus").hours.days[0]
    assert [(span.start, span.end) for span in monday] == [(0, 720), (720, 1440)]


@pytest.mark.parametrize(
    "span", ["12:00-08:00", "08:00-08:00", "8-12", "08:00-24:01", "08:60-12:00", "08:00 - 12:00"]
)
def test_a_span_is_hours_and_minutes_with_its_start_first(office, smallest, span):
    [problem] = office.problems(smallest.replace("08:00-12:00", span))

    assert problem == (
        'config.toml line 5: site "rathaus".hours.mon, entry 1: expected a span "HH:MM-HH:MM" '
        f'with its start before its end, no later than "24:00", got "{span}"'
    )


def test_a_site_that_never_opens_is_refused(office, smallest):
    [problem] = office.problems(smallest.replace('mon = ["08:00-12:00"]', "mon = []"))

    assert 'site "rathaus".hours: expected opening hours' in problem


@pytest.mark.parametrize("kind", ["service", "counter"])
def test_a_site_needs_a_service_and_a_counter(office, smallest, kind):
    start = smallest.index(f"[[site.{kind}]]")
    end = smallest.find("[[site.c", start + 1) if kind == "service" else len(smallest)

    [problem] = office.problems(smallest[:start] + smallest[end:])

    assert f'site "rathaus": expected at least one [[site.{kind}]]' in problem


def test_a_counter_serves_services_that_there_are(office, smallest):
    [problem] = office.problems(smallest + 'services = ["meldewesen", "meldewessen"]\n')

    assert problem == (
        'config.toml line 14: site "rathaus".counter "1".services, entry 2: expected "*" or the '
        'id of a service of this site, got "meldewessen"; did you mean "meldewesen"?'
    )


def test_a_service_that_no_counter_serves_is_refused(office, smallest):
    other = '[[site.service]]\nid = "kfz"\nname = "Kfz"\ngroup = "K"\nminutes = 10\n'
    text = smallest + 'services = ["meldewesen"]\n' + other

    [problem] = office.problems(text)

    assert problem == (
        'config.toml line 16: site "rathaus".service "kfz".id: '
        "expected a counter that serves it, but none does"
    )
    office.load(text + "walk_in = false\nbookable = false\n")


def test_a_group_has_one_name_and_all_its_services_know_it(office, smallest):
    named = smallest.replace('group = "M"', 'group = "M"\ngroup_name = "Meldewesen"')
    second = '[[site.service]]\nid = "abmeldung"\nname = "Abmeldung"\ngroup = "M"\nminutes = 10\n'

    services = office.load(named + second).site("rathaus").services
    assert [service.group_name for service in services] == ["Meldewesen", "Meldewesen"]

    [problem] = office.problems(named + second + 'group_name = "Melden"\n')
    assert 'expected the name that group "M" has already, "Meldewesen", got "Melden"' in problem


def test_the_last_check_in_is_not_before_the_end_of_the_grace(office, smallest):
    [problem] = office.problems(smallest + "[site.checkin]\nlate_until_minutes = 5\n")

    assert "late_until_minutes: expected at least the grace_minutes, 10, got 5" in problem
