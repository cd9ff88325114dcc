"""Every word on the wire. Clients emit the first group and get acknowledgements; the hub pushes
the second. Payloads are the models of `web/models.py`; `docs/messages.md` tells the rest.
"""

from __future__ import annotations

# client → server, each answered by an acknowledgement
WATCH_BOARD = "watch_board"
WATCH_QUEUE = "watch_queue"
WATCH_TICKET = "watch_ticket"
ASK_WHY = "ask_why"
BEAT = "beat"
REPORT_DISPLAY = "report_display"

# server → client
BOARD = "board"
QUEUE = "queue"
PLACE = "place"
TICKET = "ticket"

ASKED = (WATCH_BOARD, WATCH_QUEUE, WATCH_TICKET, ASK_WHY, BEAT, REPORT_DISPLAY)
PUSHED = (BOARD, QUEUE, PLACE, TICKET)
