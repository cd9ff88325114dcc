"""A call for help stands for a while, and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.help_call import ENDS_AFTER, HelpCall
from tests.town import MONDAY, moment

CALLED_AT = moment(MONDAY, "10:00")
A_MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("passed", "stands"),
    [
        (timedelta(), True),
        (ENDS_AFTER - A_MOMENT, True),
        (ENDS_AFTER, False),
        (-ENDS_AFTER, False),  # the clock was set back: nobody knows any more
    ],
)
def test_it_stands_for_ten_minutes(passed, stands):
    call = HelpCall(1, "Aylin", "rathaus", "schalter-1", CALLED_AT)

    assert call.stands(CALLED_AT + passed) is stands
