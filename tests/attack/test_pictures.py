"""Pictures that are small files and large in memory: a bound for each, and one at a time."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from PIL import Image

from queue_server.qr import qr_png
from queue_server.scanning import PictureTooLarge, read_code_texts
from queue_server.web.pools import Pools
from tests.attack.crowd import Attacked, all_at_once, counted, tickets_meanwhile
from tests.office import Office

MOST_MEGABYTES = 300
FRAMES = "/kiosk/eingang/frames"
CHECK_INS = "/api/v1/sites/rathaus/check-ins"
# In a process of its own: the peak of this one has been anywhere already.
PEAK = """
import resource, sys
from queue_server.scanning import read_code_texts
read_code_texts(open(sys.argv[1], "rb").read())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
read_code_texts(open(sys.argv[2], "rb").read())
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
# The largest that is looked at, by format: sides, mode, and how it is written.
LARGEST: dict[str, tuple[tuple[int, int], str, dict[str, Any]]] = {
    "WEBP": ((4000, 4000), "RGBA", {"lossless": True}),
    "AVIF": ((5000, 5000), "RGBA", {"speed": 10}),
    "PNG": ((5000, 5000), "RGBA", {}),
    "JPEG": ((50_000, 1000), "CMYK", {}),
    "progressive JPEG": ((5000, 5000), "CMYK", {"progressive": True}),
}


def picture(kind: str, size: tuple[int, int], mode: str, **how: Any) -> bytes:
    """A white picture, as small a file as there is."""
    file = io.BytesIO()
    Image.new(mode, size, "white").save(file, kind.split()[-1], **how)
    return file.getvalue()


@pytest.mark.parametrize("kind", LARGEST)
def test_the_largest_picture_that_is_looked_at_takes_no_more_than_300_mb(
    kind: str, tmp_path: Path
) -> None:
    size, mode, how = LARGEST[kind]
    (tmp_path / "small").write_bytes(picture(kind, (50, 50), mode, **how))
    (tmp_path / "large").write_bytes(picture(kind, size, mode, **how))

    measured = subprocess.run(
        [sys.executable, "-c", PEAK, "small", "large"],
        cwd=tmp_path, env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True,
    )  # fmt: skip

    assert int(measured.stdout) < MOST_MEGABYTES, measured.stderr


@pytest.mark.parametrize("kind", LARGEST)
def test_a_picture_of_fifty_megapixels_is_refused_unless_it_is_a_plain_jpeg(kind: str) -> None:
    _, mode, how = LARGEST[kind]
    large = picture(kind, (7070, 7070), mode, **how)

    if kind == "JPEG":
        assert read_code_texts(large) == []
    else:
        with pytest.raises(PictureTooLarge):
            read_code_texts(large)


def test_the_jpeg_of_a_phone_with_fifty_megapixels_is_read() -> None:
    photo = Image.new("RGB", (8160, 6120), "white")
    code = Image.open(io.BytesIO(qr_png("K7QM4TXA9", 40)))
    photo.paste(code, (2000, 2000))
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=80)

    assert read_code_texts(file.getvalue()) == ["K7QM4TXA9"]


def test_a_jpeg_of_many_scans_is_refused_by_their_number() -> None:
    plain = picture("JPEG", (5000, 5000), "RGB", progressive=True)
    last = plain[plain.rindex(b"\xff\xda") : -2]

    with pytest.raises(PictureTooLarge):
        read_code_texts(plain[:-2] + last * 50 + plain[-2:])


class Slow:
    """Looks at pictures only when the test lets it."""

    def __init__(self) -> None:
        self.begun, self.may_end = Event(), Event()

    def __call__(self, work: Any) -> Any:
        self.begun.set()
        assert self.may_end.wait(20)
        return work()


@contextmanager
def picture_under_way(office: Office, slow: Slow, kiosk: Any) -> Iterator[None]:
    context = office.app.extensions["aufruf"]
    context.pools = Pools(pictures=slow)
    sending = Thread(target=lambda: kiosk.post(FRAMES, data=form()))
    sending.start()
    assert slow.begun.wait(20)
    try:
        yield
    finally:
        slow.may_end.set()
        sending.join()


def form() -> dict[str, tuple[io.BytesIO, str]]:
    return {"image": (io.BytesIO(picture("PNG", (50, 50), "L")), "frame.png")}


def test_a_kiosk_has_one_picture_under_way_and_others_wait_for_nobody(office: Office) -> None:
    kiosk = office.kiosk()

    with picture_under_way(office, Slow(), kiosk):
        frame = kiosk.post(FRAMES, data=form())
        upload = kiosk.post(CHECK_INS, data=form())

    assert (frame.status_code, upload.status_code) == (204, 429)
    assert upload.headers["Retry-After"] == "1"
    assert kiosk.post(CHECK_INS, data=form()).status_code == 422, "looked at, and no code in it"


def test_twelve_large_pictures_at_once_hold_no_ticket_up(server: Attacked) -> None:
    bomb = picture("WEBP", (4000, 4000), "RGBA", lossless=True)
    cookies = dict(server.kiosk().cookies)

    def send(client: httpx.Client, n: int) -> httpx.Response:
        file = {"image": ("frame.webp", bomb)}
        return client.post(FRAMES, files=file, headers={"Cookie": f"aufruf_device={cookie}"})

    cookie = cookies["aufruf_device"]
    with tickets_meanwhile(server) as draws:
        statuses = counted(all_at_once(server, 12, send))

    assert statuses == {204: 12}
    assert draws.kept_their_promise(), draws
