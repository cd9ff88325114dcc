"""From an uploaded picture to the Termincode in it."""

from __future__ import annotations

from flask import request

from queue_server.domain.codes import parse_code
from queue_server.domain.errors import NoCodeInImage, PictureTooBig
from queue_server.scanning import PictureTooLarge, ScanningRefused, read_code_texts
from queue_server.web.hall import hall


def pictured_code() -> str:
    """The first Termincode in the picture of the form's field `image`; decoded off the hub.

    Raises `PictureTooBig`, `NoCodeInImage`.
    """
    data = request.files["image"].read()
    try:
        texts = hall().slow(lambda: read_code_texts(data, wanted=_is_code))
    except PictureTooLarge:
        raise PictureTooBig() from None
    except ScanningRefused:
        raise NoCodeInImage() from None
    found = next((text for text in texts if _is_code(text)), None)
    if found is None:
        raise NoCodeInImage()
    return found


def _is_code(text: str) -> bool:
    """Other codes may be in the picture, too, and are often the easier ones to read."""
    return parse_code(text) is not None
