"""Lines as long as the paper is wide: between words, at soft hyphens, else within a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator

SOFT_HYPHEN = "\N{SOFT HYPHEN}"


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
