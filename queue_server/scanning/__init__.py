"""From a picture to the texts of the QR codes in it: `read_code_texts(data)`."""

from queue_server.scanning.ladder import texts_in
from queue_server.scanning.picture import (
    MAX_BYTES,
    MAX_PIXELS,
    NotAPicture,
    PictureTooLarge,
    ScanningRefused,
    open_picture,
)

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "NotAPicture",
    "PictureTooLarge",
    "ScanningRefused",
    "read_code_texts",
]


def read_code_texts(data: bytes) -> list[str]:
    """The texts of all QR codes in an uploaded JPEG, PNG, WebP or AVIF picture; [] without a code.

    A phone's picture takes 10 to 60 ms with a code, up to 250 ms without: run it on a thread,
    never on the hub. Raises PictureTooLarge before anything is decoded, and NotAPicture.
    """
    return texts_in(open_picture(data))
