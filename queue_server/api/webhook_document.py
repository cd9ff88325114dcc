"""What webhooks say, for the OpenAPI document; `webhooks/messages.py` writes it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel

from queue_server.domain.webhook import TOLD_EVENTS


class HookMessage(BaseModel):
    """The body of a webhook's request; `Aufruf-Signature` signs it.

    `id` is the same on every retry. `outcome` comes with `VisitFinished`.
    """

    id: str
    event: Literal[
        "TicketIssued",
        "TicketCalled",
        "VisitFinished",
        "AppointmentConfirmed",
        "AppointmentCancelled",
    ]
    at: AwareDatetime
    site: str
    ticket: str | None = None
    appointment: str | None = None
    number: str | None = None
    counter: str | None = None
    outcome: Literal["done", "documents_missing"] | None = None


SIGNATURE = {
    "name": "Aufruf-Signature",
    "in": "header",
    "required": True,
    "description": "t=<unix seconds>,v1=<hex HMAC-SHA256 of t, a dot and the body>",
    "schema": {"type": "string"},
}


def webhooks(reference: str) -> dict[str, Any]:
    """An entry for each event that others may be told of."""
    schema = {"$ref": reference.format(model=HookMessage.__name__)}
    return {
        name: {
            "post": {
                "operationId": f"webhook_{name}",
                "parameters": [SIGNATURE],
                "requestBody": {"content": {"application/json": {"schema": schema}}},
                "responses": {"2XX": {"description": "Taken; any other answer is tried again."}},
            }
        }
        for name in TOLD_EVENTS
    }
