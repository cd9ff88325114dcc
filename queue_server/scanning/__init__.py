"""From a picture to the texts of the QR codes in it: `read_code_texts(data)`."""

from queue_server.scanning.decode_attempts import ATTEMPTS_SECONDS, Wanted, texts_in
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


def read_code_texts(
    data: bytes, wanted: Wanted = bool, seconds: float = ATTEMPTS_SECONDS
) -> list[str]:
    """The texts of the QR codes in an uploaded JPEG, PNG, WebP, AVIF or HEIC picture; [] without.

    All that the first fruitful look shows; with `wanted`, looking goes on until one of the texts
    is wanted, so that a clear code next to it does not hide a code that is hard to read.

    A phone's picture takes 10 to 100 ms with a code, up to 150 ms without (a HEIC picture 0.2 s
    more): run it on a thread, never on the hub. After `seconds` of computing no further look is
    begun. Raises PictureTooLarge before anything is decoded, and NotAPicture.
    """
    return texts_in(open_picture(data), wanted, seconds)
