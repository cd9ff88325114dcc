"""Routes whose addresses are compiled late have the addresses of Werkzeug's own."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Map, Rule

from queue_server.web.routes import LateRule
from tests.office import Office

QUERY = {"q": "ä b", "page": 2}


def test_every_route_of_the_office_is_late_and_builds_the_same_addresses(office: Office) -> None:
    routes = office.app.url_map
    late = [each for each in routes.iter_rules() if isinstance(each, LateRule)]
    usual = Map(
        [
            Rule(each.rule, endpoint=each.endpoint, methods=each.methods, defaults=each.defaults)
            for each in late
        ],
        converters=routes.converters,
        host_matching=routes.host_matching,
    )

    assert len(late) > 100, "all but Flask's own for static files"
    for each in late:
        for more in ({}, QUERY):
            values: dict[str, Any] = dict.fromkeys(each.arguments, 7) | more
            wanted = usual.bind("localhost").build(each.endpoint, values)
            # Asked twice: compiled then, and found again.
            for _ in range(2):
                assert routes.bind("localhost").build(each.endpoint, values) == wanted
