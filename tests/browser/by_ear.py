"""A visitor who sees nothing of the kiosk: keys go in, and only what is spoken comes out."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, Request

from tests.browser.conftest import PATIENCE_MS

MOST_STEPS = 80
# A field of the form in which the page asks for a sentence.
FIELD = re.compile(r'name="(text|language)"\r\n\r\n(.*?)\r\n--', re.DOTALL)
ARROWS = "Mit den Pfeiltasten hören Sie, was hier steht."


class Listener:
    """Hears every sentence that the page asks the server to speak, in order, and knows no more."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard: list[str] = []
        self.language_of: dict[str, str] = {}
        page.on("request", self._asked)

    def begin(self) -> None:
        """Press an arrow key, as somebody does who hears nothing yet."""
        self.page.keyboard.press("ArrowDown")
        self.wait_for(ARROWS)

    def wait_for(self, *words: str) -> str:
        """The sentence with all these words, said since the last one that was waited for."""
        give_up = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < give_up:
            for place, sentence in enumerate(self.heard):
                if all(each in sentence for each in words):
                    del self.heard[: place + 1]
                    return sentence
            self.page.wait_for_timeout(20)
        raise AssertionError(f"never said: {words}; last: {self.heard[-3:]}")

    def go_to(self, words: str) -> str:
        """Arrow down until this is said."""
        return self.choices_until(words)[-1]

    def back_to(self, words: str) -> str:
        """Arrow up until this is said; what the office says today may stand in between."""
        said = self.step("ArrowUp")
        for _ in range(MOST_STEPS):
            if words in said:
                break
            said = self.step("ArrowUp")
        assert words in said
        return said

    def choices_until(self, words: str) -> list[str]:
        """Arrow down until this is said, and all that is said on the way."""
        met: list[str] = []
        for _ in range(MOST_STEPS):
            met.append(self.step())
            if words in met[-1]:
                return met
            assert met[-1:] != met[-2:-1], f"the end, and never said: {words}; heard {met}"
        raise AssertionError(f"never said: {words}; heard {met}")

    def step(self, key: str = "ArrowDown") -> str:
        """What one press of an arrow key makes it say."""
        self.heard.clear()
        self.page.keyboard.press(key)
        return self.wait_for("")

    def choose(self, words: str, then: str) -> str:
        """Go there, press Enter, and hear what comes of it."""
        self.go_to(words)
        self.heard.clear()
        self.page.keyboard.press("Enter")
        return self.wait_for(then)

    def _asked(self, request: Request) -> None:
        if not request.url.endswith("/speech"):
            return
        fields = dict(FIELD.findall(request.post_data or ""))
        self.heard.append(fields["text"])
        self.language_of[fields["text"]] = fields["language"]
