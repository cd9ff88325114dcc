"""Guides to print: one page each for the counter, the front desk and whoever helps at the kiosk."""

from __future__ import annotations

from flask import Response

from queue_server.domain.errors import NotFound
from queue_server.office.blueprint import ClerkRequest, clerk_request, page, room
from queue_server.office.guide_paper import on_paper
from queue_server.office.guide_texts import Guide, guides


@room.get("/office/guides")
def guides_page() -> Response:
    """All guides, to be read here or printed."""
    who = clerk_request()
    return page(who, "office/guides.html", guides=guides(who.context.settings, who.site))


@room.get("/office/guides/<guide>")
def guide_page(guide: str) -> Response:
    """One guide; printed it is a page. Raises `NotFound`."""
    who = clerk_request()
    return page(who, "office/guide.html", guide=_found(who, guide))


@room.get("/office/guides/<guide>.pdf")
def guide_paper(guide: str) -> Response:
    """The same as PDF. Raises `NotFound`."""
    who = clerk_request()
    found, at = _found(who, guide), who.now.astimezone(who.site.zone)
    paper = who.context.pools.reports(lambda: on_paper(found, who.site.name, at))
    answer = Response(paper, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"anleitung-{found.id}.pdf")
    return answer


def _found(who: ClerkRequest, id: str) -> Guide:
    for guide in guides(who.context.settings, who.site):
        if guide.id == id:
            return guide
    raise NotFound(guide=id)
