"""Finds German words that stand in the source outside of the catalogues' words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.languages.gather import KEYWORDS

# Words that German sentences are made of. A name in a program has no blank beside them.
SMALL = re.compile(
    r"(?<![\w.-])(?:aber|alle|als|am|auf|aus|beim?|bis|bitte|das|dem|den|der|des|diese[rs]?|durch"
    r"|eine?[nrs]?|es|für|haben|heute|hier|ich|ihre?n?|im|ist|jetzt|keine?|kommen|mit|morgen|nach"
    r"|nicht|noch|nur|oder|schon|sein|sie|sind|um|und|uns|unser|von|vor|werden|wird?|zu[mr]?"
    r"|zurück|über)(?![\w.-])",
    re.IGNORECASE,
)
UMLAUT = re.compile(r"[äöüßÄÖÜ]\w|\w[äöüß]|„\w")
# What stands alone on buttons and labels here.
ALONE = re.compile(
    r"\b(?:Abbrechen|Amt|Anliegen|Anmelden|Anzeige|Drucken|Fehler|Fertig|Handy|Ja|Minuten?|Nein"
    r"|Nummer|Person|Personen|Platz|Schalter|Stand|Stunden?|Termin|Termincode|Uhr|Wartenummer"
    r"|Weiter|Zettel|Zimmer)\b"
)
# A comment or a regular expression may hold a quote that begins no string.
SCRIPT = re.compile(
    r"""/\*.*?\*/ | //[^\n]*
    | (?<=[(,=:!&|?\[])\s*/(?![*/]) (?: \\. | \[(?:\\.|[^\]\\\n])*\] | [^/\\\n\[] )+ /
    | (?P<text> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*` )""",
    re.DOTALL | re.VERBOSE,
)
Found = tuple[str, str]
"""Where it stands (the name that the module gives it, or the function) and the words."""


def is_german(text: str) -> bool:
    """Whether it reads like words that a German sees, and not like a name in a program."""
    if UMLAUT.search(text) or ALONE.search(text):
        return True
    return " " in text.strip() and SMALL.search(text) is not None


def in_python(path: Path) -> Iterator[Found]:
    """German in a module that is neither marked for the catalogues nor a docstring."""
    for statement in ast.parse(path.read_text("utf-8")).body:
        apart = {id(each) for node in ast.walk(statement) for each in _not_shown(node)}
        for node in ast.walk(statement):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and id(node) not in apart and is_german(node.value):
                yield _name_of(statement), node.value


def in_script(path: Path) -> Iterator[Found]:
    """German in the strings of a JavaScript module."""
    for found in SCRIPT.finditer(path.read_text("utf-8")):
        if found["text"] and is_german(found["text"]):
            yield "", found["text"][1:-1]


def _not_shown(node: ast.AST) -> Iterator[ast.AST]:
    """A docstring, and what stands inside of a call that marks it."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Call) and _called(node.func) in KEYWORDS:
        yield from (each for argument in node.args for each in ast.walk(argument))


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _name_of(statement: ast.stmt) -> str:
    if isinstance(statement, ast.AnnAssign | ast.Assign):
        first = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
        return ast.unparse(first)
    return str(getattr(statement, "name", ""))
