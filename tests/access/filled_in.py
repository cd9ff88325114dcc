"""What a request to a route fills in: placeholders of routes, forms, bodies."""

from __future__ import annotations

from tests.phone import Phone

# Filled in for every placeholder of a route; tokens and ids come from the scene.
PLACES = {
    "site": "rathaus",
    "counter": "schalter-1",
    "kiosk": "eingang",
    "service": "meldewesen",
    "letter": "M",
    "call": "1",
    "place": "0",
    "day": "2026-06-09",
    "part": "tickets",
    "kind": "services",
    "format": "xlsx",
    "entry": "meldewesen",
    "device": "eingang",
    "clerk": "2",
    "guide": "clerk",
}
FILES = {
    "/static/": "css/aufruf.css",
    "/static/api/": "docs.css",
    "/static/booking/": "booking.css",
    "/static/desk/": "desk.css",
    "/static/display/": "board.js",
    "/static/embed/": "box.css",
    "/static/kiosk/": "camera.js",
    "/static/office/": "office.css",
}
# One form for every page: fields that a page does not know are of no concern to it.
FORM = {
    "counter": "schalter-1",
    "services": "meldewesen",
    "persons": "1",
    "mode": "stopped",
    "reason": "Andrang",
    "service": "kfz",
    "day": "2026-06-09",
    "open": "closed",
    "sure": "1",
    "rule": "strict",
    "role": "clerk",
    "start": "2026-06-08T10:00:00+02:00",
    "site": "rathaus",
    "delivery": "1",
}
FORMS = {
    "POST /desk/tickets/<int:id>/precedence": {"reason": "mobility"},
}
# What the same form says for whoever works at the other site.
FORM_ELSEWHERE = {"counter": "nordend-1", "service": "meldewesen", "site": "nordend"}
# Bodies of the API: there a field that it does not know is refused.
BODIES: dict[str, dict[str, object]] = {
    "POST /api/v1/sites/<site>/tickets": {"services": ["meldewesen"]},
    "POST /api/v1/sites/<site>/check-ins": {"code": "222-222-222"},
    "POST /api/v1/sites/<site>/appointments": {
        "services": ["meldewesen"],
        "start": "2026-06-08T11:00:00+02:00",
        "email": "erika@example.org",
    },
    "POST /api/v1/sites/<site>/what-if": {"from": "2026-06-08", "to": "2026-06-08"},
    "PUT /api/v1/sites/<site>/rules": {"rule": "strict"},
    "PUT /api/v1/sites/<site>/stops/<service>": {"mode": "stopped", "reason": "Andrang"},
    "POST /api/v1/counters/<counter>/transfer": {"services": ["ausweise"]},
    "POST /api/v1/tickets/<id>/precedence": {"reason": "mobility"},
    "PUT /api/v1/tickets/<id>/services": {"services": ["ausweise"]},
    "POST /api/v1/tickets/<token>/documents": {"missing": []},
    "PUT /api/v1/tickets/<token>/push": Phone().subscription("https://push.example/abc"),
    "PUT /api/v1/appointments/<token>/start": {"start": "2026-06-08T10:00:00+02:00"},
}
