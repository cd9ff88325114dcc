"""A telephone number as the office wrote it, and the number that a telephone dials."""

from __future__ import annotations

import re

from flask import Flask

GERMANY = "+49"
# What people write between figures: "040 66969-100", "(040) 66 96 9", "0 40/66.969".
SEPARATORS = re.compile(r"[\s()/.\u2010-\u2013-]")
NUMBER = re.compile(r"\+?[0-9]{3,15}")


def install(app: Flask) -> None:
    """Teach the templates the filter `|dialled`."""
    app.jinja_env.filters["dialled"] = dialled


def dialled(phone: str) -> str:
    """`040 66969-100` is `+494066969100`, from everywhere; empty when it is no single number."""
    figures = SEPARATORS.sub("", phone.replace("(0)", ""))
    if not NUMBER.fullmatch(figures):
        return ""
    if figures.startswith("00"):
        return f"+{figures[2:]}"
    return f"{GERMANY}{figures[1:]}" if figures.startswith("0") else figures
