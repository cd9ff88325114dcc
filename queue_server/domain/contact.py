"""Whom to write to: the shape of names and e-mail addresses."""

from __future__ import annotations

import re

from queue_server.domain.errors import BadRequest

LONGEST_ADDRESS = 254
"""Characters; RFC 5321, 4.5.3.1.3 with erratum 1690."""

LONGEST_NAME = 200
# Without the signs that end an address in a header, and so would let a form write headers.
_SIGN = r"[^@.\s<>,;:\"()\[\]\\\x00-\x1f\x7f]"
_ADDRESS = re.compile(rf"{_SIGN}+(?:\.{_SIGN}+)*@(?:{_SIGN}+\.)+{_SIGN}{{2,}}")

# Control signs and halves of a sign, which neither a database nor a letter can hold.
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def is_address(text: str) -> bool:
    """Whether this can be an e-mail address at all; only a letter can tell whether it works."""
    # What cannot be seen has no place in an address: signs of no width, or of another direction.
    return (
        len(text) <= LONGEST_ADDRESS and text.isprintable() and _ADDRESS.fullmatch(text) is not None
    )


def checked_address(text: str) -> str:
    """The address without blanks around it. Raises `BadRequest` naming the field `email`."""
    address = text.strip()
    if not address:
        raise BadRequest(errors=[("email", "missing", "")])
    if not is_address(address):
        raise BadRequest(errors=[("email", "address", "")])
    return address


def checked_name(text: str) -> str:
    """The name on one line. Raises `BadRequest` naming the field `name` when it is too long."""
    name = " ".join(_NO_TEXT.sub(" ", text).split())
    if len(name) > LONGEST_NAME:
        raise BadRequest(errors=[("name", "too_long", str(LONGEST_NAME))])
    return name
