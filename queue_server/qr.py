"""Makes QR codes: for the kiosk's screen and the follow page (SVG), for mails and paper (PNG)."""

from __future__ import annotations

import io
from functools import lru_cache
from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""White modules on every side; scanners need them to find the corners."""


@lru_cache(maxsize=256)
def qr_svg(text: str) -> str:
    """An <svg> element of black squares on white that fills whatever box CSS gives it.

    It has neither id nor style; `role="img"` and its label belong to the template around it.
    The first time a text is asked for takes about 7 ms. Raises ValueError for an overlong text.
    """
    rows = _code(text).get_matrix()
    side = len(rows)
    squares = "".join(_path_of(row, y) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        ' shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{squares}"/></svg>'
    )


def qr_png(text: str, scale: int) -> bytes:
    """A PNG file of black squares on white, `scale` pixels to the module (1 to 40).

    Raises ValueError for an overlong text or a scale outside its range.
    """
    if not 1 <= scale <= 40:
        raise ValueError(f"scale: expected 1 to 40 pixels, got {scale}")
    file = io.BytesIO()
    _code(text, scale).make_image().save(file, format="PNG")
    return file.getvalue()


def _code(text: str, scale: int = 1) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, box_size=scale)
    code.add_data(text)
    code.make()
    return code


def _path_of(row: list[bool], y: int) -> str:
    """One rectangle for each run of black modules: a third of the size of one for each module."""
    path, x = [], 0
    for is_black, run in groupby(row):
        length = len(list(run))
        if is_black:
            path.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(path)
