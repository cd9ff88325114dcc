"""A check-in terminal and the paper that comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A check-in terminal; `printer` is an address, `"browser"` or `""`.

    `print` says who asks for a slip: `always` nobody, it comes by itself, `ask` the visitor,
    `never` there is none. The paper is `paper_mm` wide; `slip_as` is `auto` (letters where the
    printer has them) or `picture`. The screen measures `diagonal_inches`; with `speech` its pages
    can be read aloud.
    """

    id: str
    name: str = ""
    printer: str = ""
    camera: bool = True
    print: str = "always"
    paper_mm: int = 80
    slip_as: str = "auto"
    diagonal_inches: float = 27
    speech: bool = True

    @property
    def screen_mm(self) -> float:
        """The diagonal of its screen in millimetres."""
        return self.diagonal_inches * MM_PER_INCH

    @property
    def can_print(self) -> bool:
        """Whether anybody gets paper here."""
        return self.printer != "" and self.print != "never"

    @property
    def prints_itself(self) -> bool:
        """Whether paper comes without another touch."""
        return self.can_print and self.print == "always"

    @property
    def has_server_printer(self) -> bool:
        """Whether the server prints, so that it knows how the printer is."""
        return self.can_print and self.printer != "browser"


@dataclass(frozen=True, slots=True)
class SlipWords:
    """What the office has printed on every slip; `translated` by language, German where empty."""

    text: str = ""
    translated: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> str:
        return self.translated.get(language) or self.text
