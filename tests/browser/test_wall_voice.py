"""The wall speaks: a gong, then the call, one after the other, and the truth about being silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.wall_steps import SECOND_MS, call_next, connected, press
from tests.hearing import samples_of, seconds_of
from tests.office import HERE, ForkedServer, Server

# Three gongs and sentences take eighteen seconds, and the machine may have others to serve.
SPOKEN_MS = 80 * SECOND_MS
PARTS = 40
# What the page plays, as WebAudio is told to play it: when, for how long, and how loud in between.
LISTEN = """
  window.played = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...when) {
    const data = this.buffer.getChannelData(0);
    const size = Math.floor(data.length / PARTS);
    const loud = Array.from({ length: PARTS }, (_, part) => Math.sqrt(
      data.subarray(part * size, (part + 1) * size).reduce((sum, x) => sum + x * x, 0) / size));
    const at = this.context.currentTime;
    window.played.push({ what: "voice", at, until: at + this.buffer.duration, loud });
    return start.apply(this, when);
  };
  addEventListener("DOMContentLoaded", () => new MutationObserver(() => window.played.push(
    { what: "gong", at: window.played.at(-1)?.until ?? 0, until: 0 },
  )).observe(document.documentElement, { attributeFilter: ["data-rings"] }));
""".replace("PARTS", str(PARTS))


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """With `[site.voice]` as the test says; by itself as it is without any of its keys."""
    voice = getattr(request, "param", "")
    text = (HERE / "office.toml").read_text("utf-8").replace('engine = "off"', voice, 1)
    (tmp_path / "speaking.toml").write_text(text, "utf-8")
    server = ForkedServer(tmp_path, tmp_path / "speaking.toml").start()
    yield server
    server.close()


@pytest.fixture
def wall(screens: Screens) -> Page:
    wall = screens.wall()
    wall.add_init_script(LISTEN)
    wall.reload()
    return connected(wall)


def spoken(wall: Page, times: int) -> list[dict[str, Any]]:
    """What has been played once so many calls have been spoken."""
    expect(wall.locator("html")).to_have_attribute("data-spoken", str(times), timeout=SPOKEN_MS)
    found: list[dict[str, Any]] = wall.evaluate("window.played")
    return found


def profile(wav: bytes) -> list[float]:
    """The loudness of a file in so many parts, as the page tells it."""
    _, samples = samples_of(wav)
    size = len(samples) // PARTS
    parts = (samples[part * size : (part + 1) * size] for part in range(PARTS))
    return [(sum(each * each for each in part) / size) ** 0.5 for part in parts]


def served(wall: Page, server: Server) -> bytes:
    """The newest call, as the server speaks it."""
    board = server.client().get("/api/v1/sites/rathaus/board").json()
    answer = wall.request.get(f"{wall.url}/calls/{board['calls'][0]['call']}.wav")
    assert answer.status == 200
    return answer.body()


def test_each_call_is_a_gong_and_then_its_own_sentence_and_again_at_a_recall(
    wall: Page, server: Server
) -> None:
    aylin, lea = server.clerk("Aylin", "schalter-1"), server.clerk("Lea", "schalter-3")
    for _ in range(2):
        server.draw("meldewesen")
    call_next(aylin, "schalter-1")
    first = served(wall, server)
    call_next(lea, "schalter-3")
    second = served(wall, server)
    press(lea, "schalter-3", "recall")

    played = spoken(wall, 3)

    assert [each["what"] for each in played] == ["gong", "voice"] * 3
    voices = [each for each in played if each["what"] == "voice"]
    for voice, file in zip(voices, (first, second, second), strict=True):
        assert voice["until"] - voice["at"] == pytest.approx(seconds_of(file), abs=0.01)
        assert voice["loud"] == pytest.approx(profile(file), abs=0.03)
    assert voices[0]["loud"] != pytest.approx(voices[1]["loud"], abs=0.03)
    # Not before the last word of the one before has been said, and a gong lies between.
    assert all(later["at"] > one["until"] + 2 for one, later in pairwise(voices))

    # Who has come before their turn is not sent to the counter where they are.
    press(aylin, "schalter-1", "recall")
    press(lea, "schalter-3", "recall")
    press(lea, "schalter-3", "arrival")
    spoken(wall, 4)
    press(aylin, "schalter-1", "recall")
    assert [each["what"] for each in spoken(wall, 5)] == ["gong", "voice"] * 5


@pytest.mark.parametrize(
    "server", ['engine = "recordings"\nfolder = "none"'], indirect=True, ids=["nothing recorded"]
)
def test_an_engine_that_can_not_speak_leaves_the_gong_alone(wall: Page, server: Server) -> None:
    aylin, lea = server.clerk("Aylin", "schalter-1"), server.clerk("Lea", "schalter-3")
    for _ in range(2):
        server.draw("meldewesen")
    call_next(aylin, "schalter-1")
    call_next(lea, "schalter-3")

    expect(wall.locator("html")).to_have_attribute("data-rings", "2", timeout=SPOKEN_MS)
    expect(wall.locator("html")).to_have_attribute("data-spoken", "0")
    log = max(server.folder.glob("server-*.log")).read_text()
    assert log.count("the recordings nummer.wav, m.wav") == 1


@pytest.mark.parametrize("server", ['quiet = ["00:00-24:00"]'], indirect=True, ids=["quiet"])
def test_in_quiet_hours_nothing_sounds_and_everybody_is_told(
    screens: Screens, server: Server
) -> None:
    wall = screens.wall()
    expect(wall.get_by_text("Ton aus bis 24:00 Uhr")).to_be_visible()
    server.draw("meldewesen")
    call_next(server.clerk("Aylin", "schalter-1"), "schalter-1")

    expect(wall.locator("#rows tr")).to_have_count(1)
    expect(wall.locator("html")).to_have_attribute("data-rings", "0")
    lead = screens.desk("Lea")
    lead.goto(f"{server.url}/office")
    expect(lead.locator(".state__row", has_text="Wartebereich")).to_contain_text(
        re.compile(r"Ton aus\s+Ruhezeit")
    )
