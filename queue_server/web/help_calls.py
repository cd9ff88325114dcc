"""Calls for help as the desks of a site are told of them; nobody else ever is."""

from __future__ import annotations

from queue_server.domain.help_call import HelpCall
from queue_server.domain.site import Site
from queue_server.web.models import HelpCallOut


def help_call_out(site: Site, call: HelpCall) -> HelpCallOut:
    return HelpCallOut(
        id=str(call.clerk),
        counter=call.counter or None,
        name=site.counter_name(call.counter) if call.counter else None,
        clerk=call.clerk_name,
        at=call.called_at.astimezone(site.zone),
        coming=call.coming,
    )
