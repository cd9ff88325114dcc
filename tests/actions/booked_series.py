"""Appointments one after the other, as an office under pressure has them."""

from __future__ import annotations

from queue_server.domain.site import BookingRules

NO_SHARE_FOR_WALK_INS = BookingRules(walk_in_share=0)


def booked_every_five_minutes(town, people):
    """So many appointments from 08:50 on, all of them present."""
    town.change(booking=NO_SHARE_FOR_WALK_INS)
    starts = [f"{8 + minute // 60:02d}:{minute % 60:02d}" for minute in range(50, 80, 5)]
    return [town.check_in(town.booked("Meldewesen", at=at)) for at in starts[:people]]
