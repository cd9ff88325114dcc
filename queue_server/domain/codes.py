"""Termincodes, ticket numbers and tokens: made, written and read.

A Termincode is nine characters in three groups, `K7Q-M4T-XA9`: eight random ones and a check
character over a prime alphabet, so every single wrong character and every swap of neighbours is
noticed. The check character is the body read as digits to the base 2, modulo the prime 29: the
weights 128 to 1 of the body and -1 of the check are never 0 and differ between neighbours.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWX"
CODE_LENGTH = 9
PRIME = len(ALPHABET)
HIGHEST_NUMBER = 999
TOKEN_BYTES = 16
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
# The link in the QR is `…/termin#K7Q-M4T-XA9`. A hand scanner with another keyboard layout types
# other signs for `/`, `#` and `-`, so any sign that is no ASCII letter or digit will do.
# The last "termin" counts: the host may be called so, too.
_IN_LINK = re.compile(r".*termin[^0-9A-Za-z]+(\S{9,20})\s*$", re.IGNORECASE | re.DOTALL)
_ALPHABET = {
    "A": "Anton", "B": "Berta", "C": "Cäsar", "D": "Dora", "E": "Emil", "F": "Friedrich",
    "G": "Gustav", "H": "Heinrich", "I": "Ida", "J": "Julius", "K": "Kaufmann", "L": "Ludwig",
    "M": "Martha", "N": "Nordpol", "O": "Otto", "P": "Paula", "Q": "Quelle", "R": "Richard",
    "S": "Samuel", "T": "Theodor", "U": "Ulrich", "V": "Viktor", "W": "Wilhelm",
    "X": "Xanthippe", "Y": "Ypsilon", "Z": "Zacharias",
}  # fmt: skip


def new_code() -> str:
    """A random Termincode with its check character, in groups."""
    body = [secrets.randbelow(PRIME) for _ in range(CODE_LENGTH - 1)]
    return written("".join(ALPHABET[value] for value in [*body, _check(body)]))


def written(plain: str) -> str:
    """Nine characters as they are printed: `K7Q-M4T-XA9`."""
    return "-".join(plain[start : start + 3] for start in (0, 3, 6))


def parse_code(text: str) -> str | None:
    """The Termincode meant by typed or scanned text, in groups; None when there is none.

    Case, blanks and hyphens don't matter, nor which sign a scanner with another keyboard layout
    makes of the hyphen; a link that ends in a code is understood.
    """
    linked = _IN_LINK.search(text)
    # Signs go before upper(): the ß that stands for a hyphen would become SS.
    plain = re.sub(r"[^0-9A-Za-z]", "", linked.group(1) if linked else text).upper()
    values = [_VALUE.get(character, -1) for character in plain]
    if len(plain) != CODE_LENGTH or -1 in values or _check(values[:-1]) != values[-1]:
        return None
    return written(plain)


def code_link(public_url: str, code: str) -> str:
    """What the QR of a Termincode holds. The code is a fragment: no server log ever sees it."""
    return f"{public_url.rstrip('/')}/termin#{code}"


def _check(body: list[int]) -> int:
    total = 0
    for value in body:
        total = (total * 2 + value) % PRIME
    return total


def ticket_number(group: str, count: int) -> tuple[str, int]:
    """The shown number and its round for the count-th ticket of a group on a local day.

    `("M 042", 0)` for 42; after 999 the numbers wrap and the round grows.
    """
    round_, shown = divmod(count - 1, HIGHEST_NUMBER)
    return f"{group} {shown + 1:03d}", round_


def new_token() -> str:
    """128 random bits, safe in a URL; whoever holds it has the right to the ticket."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def spelled(code: str) -> str:
    """`DHB-TD2` is `Dora, Heinrich, Berta – Theodor, Dora, 2`: a dash parts the groups."""
    groups = (", ".join(_ALPHABET.get(sign, sign) for sign in part) for part in code.split("-"))
    return " – ".join(groups)
