"""What is on a slip, on which paper and in lines of which length, whatever prints it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

SOFT_HYPHEN = "\N{SOFT HYPHEN}"


@dataclass(frozen=True, slots=True)
class Slip:
    """One ticket or appointment on paper, in ready words of the visitor's language.

    `number` is the ticket's number or the Termincode, as large as the paper has room for it, under
    its `caption`. Never a name: a lost slip tells nothing about who lost it. `strong` lines (the
    concern) stand out, `qr_text` may be empty, `footer` is small. A soft hyphen says where a word
    may break.
    """

    site: str
    number: str
    caption: str = ""
    strong: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    qr_text: str = ""
    qr_caption: str = ""
    footer: tuple[str, ...] = ()

    def words(self) -> Iterator[str]:
        """Everything that is printed in letters."""
        yield from (self.site, self.number, self.caption, self.qr_caption)
        yield from (*self.strong, *self.lines, *self.footer)


@dataclass(frozen=True, slots=True)
class Width:
    """`columns` of plain type; `dots` across, eight to the millimetre; dots of a QR module."""

    columns: int
    dots: int
    module_dots: int


class Paper(Enum):
    """A roll. Heads differ: these are the narrowest that printers for such paper have."""

    WIDE = Width(columns=42, dots=512, module_dots=6)
    NARROW = Width(columns=30, dots=384, module_dots=6)

    @property
    def columns(self) -> int:
        return self.value.columns

    @property
    def dots(self) -> int:
        return self.value.dots

    @property
    def module_dots(self) -> int:
        return self.value.module_dots


BY_MILLIMETRES = {80: Paper.WIDE, 58: Paper.NARROW}


@dataclass(frozen=True, slots=True)
class SlipForm:
    """How a printer wants its slips: how wide its paper is, and whether always as a picture."""

    paper: Paper = Paper.WIDE
    as_picture: bool = False


USUAL = SlipForm()


def wrapped(text: str, width: float, length: Callable[[str], float]) -> Iterator[str]:
    """The lines of a paragraph, none longer than `width` as `length` measures it."""
    line = ""
    # Not split(): that would break at a no-break space, too.
    for word in filter(None, text.split(" ")):
        *done, line = _with_word(line, word, width, length)
        yield from done
    yield line


def _with_word(line: str, word: str, width: float, length: Callable[[str], float]) -> list[str]:
    """The lines when this word follows; the last one goes on."""
    whole = word.replace(SOFT_HYPHEN, "")
    longer = f"{line} {whole}" if line else whole
    if length(longer) <= width:
        return [longer]
    begun = [line] if line else []
    return begun + (_broken(word, width, length) if length(whole) > width else [whole])


def _broken(word: str, width: float, length: Callable[[str], float]) -> list[str]:
    """A word that is longer than a line, with a hyphen wherever it is broken."""
    pieces = word.split(SOFT_HYPHEN) if SOFT_HYPHEN in word else list(word)
    lines = [""]
    for piece in pieces:
        if lines[-1] and length(f"{lines[-1]}{piece}-") > width:
            lines[-1] += "-"
            lines.append("")
        lines[-1] += piece
    return lines
