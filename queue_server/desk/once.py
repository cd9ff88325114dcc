"""A form that is sent twice acts once, also without script."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode

from flask import request

from queue_server.desk.door import Asker, text

TOKEN_BYTES = 16


def token_of_form(who: Asker) -> str:
    """The token of the appointment that this form books; empty for a form without a key.

    Made of the form's one-time key and of all that it says: the same form sent again is the same
    appointment, and whoever goes back and books for somebody else gets another one. Signed, so
    that what stands in the page does not tell the token.
    """
    if not text("key"):
        return ""
    said = json.dumps([who.clerk.id, sorted(request.form.items(multi=True))])
    digest = hmac.digest(who.house.proof_secret.encode(), said.encode(), "sha256")
    return urlsafe_b64encode(digest[:TOKEN_BYTES]).decode().rstrip("=")
