"""Bring the catalogues up to date with the source: `make catalogues`.

New texts come in without a translation, those that nobody says any more go, all others keep what
they have. Then it names what is still to be translated.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from queue_server.languages import CATALOGUES

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "queue_server"
# Where sentences for visitors stand.
SOURCES = (SOURCE, ROOT / "kiosk", ROOT / "display")
# Rooms of the staff speak German only.
GERMAN_ROOMS = {"desk", "office"}
TEMPLATES = (".html", ".txt", ".ics", ".js")
# Which arguments of a call are texts: the first, or a singular and a plural.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "marked": None,
    "ngettext": (1, 2),
    "marked_plural": (1, 2),
    "forms": (1, 2),
    "counted": (3, 4),
    "count_of": (3, 4),
}
FOR_TRANSLATORS = ("Translators:",)
# As the application sets up its templates.
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
Text = str | tuple[str, str]


def said(sources: Sequence[Path] = SOURCES) -> dict[Text, list[str]]:
    """Every text of the source with the notes for its translators."""
    found: dict[Text, list[str]] = {}
    for path in (path for source in sources for path in _files(source)):
        for text, notes in _in_python(path) if path.suffix == ".py" else _in_template(path):
            found.setdefault(text, []).extend(notes)
    return found


def catalogue(path: Path) -> Catalog:
    """A catalogue as it lies on the disk."""
    with path.open("rb") as file:
        found = read_po(file)
    # The name of the file counts, whatever language it was copied from. It is kept as the project,
    # since Babel has no locale for each: Leichte Sprache is none.
    found.project, found.locale = path.stem, path.stem.partition("-")[0]
    return found


def updated(old: Catalog, texts: dict[Text, list[str]]) -> Catalog:
    """The same language with exactly these texts."""
    new = Catalog(locale=old.locale, project=old.project)
    for text, notes in texts.items():
        known = old.get(text if isinstance(text, str) else text[0])
        string = known.string if known is not None and known.id == text else None
        new.add(text, string, auto_comments=list(dict.fromkeys(notes)))
    return new


def written(found: Catalog) -> str:
    """The file of a catalogue: sorted, so that a diff shows what has changed and nothing else."""
    body = io.BytesIO()
    write_po(body, found, width=100, no_location=True, omit_header=True, sort_output=True)
    head = HEADER.format(language=language_of(found), plural_forms=found.plural_forms)
    return head + body.getvalue().decode().strip() + "\n"


def language_of(found: Catalog) -> str:
    """The language of a catalogue as gettext writes it: `tr`, and `de@leicht` for `de-x-leicht`.

    Babel refuses to read a catalogue whose header has a private tag of BCP 47.
    """
    is_named = found.project != Catalog().project
    return str(found.project if is_named else found.locale).replace("-x-", "@")


def untranslated(found: Catalog) -> list[Text]:
    """Texts that lack words in this language, or one of its plural forms."""
    return [each.id for each in found if each.id and not _is_complete(each.string, found)]


def main() -> None:
    texts = said()
    for path in sorted(CATALOGUES.glob("*.po")):
        found = updated(catalogue(path), texts)
        path.write_text(written(found), "utf-8")
        missing = untranslated(found)
        print(f"{path.name}: {len(found)} texts, {len(missing)} to translate")
        for text in missing:
            print(f"  {text}")


def _in_python(path: Path) -> Iterator[tuple[Text, list[str]]]:
    with path.open("rb") as file:
        for _, keyword, text, notes in extract_python(file, KEYWORDS, FOR_TRANSLATORS, {}):
            yield from _wanted(keyword, text, notes)


def _in_template(path: Path) -> Iterator[tuple[Text, list[str]]]:
    with path.open("rb") as file:
        for _, keyword, text, notes in babel_extract(file, KEYWORDS, FOR_TRANSLATORS, OPTIONS):
            yield from _wanted(keyword, text, notes)


def _wanted(keyword: str, arguments: object, notes: list[str]) -> Iterator[tuple[Text, list[str]]]:
    """The text of a call; calls with names in place of texts speak of texts noted elsewhere."""
    given = arguments if isinstance(arguments, tuple) else (arguments,)
    first, *second = KEYWORDS[keyword] or (1,)
    chosen = [given[n - 1] if n <= len(given) else None for n in (first, *second)]
    texts = [text for text in chosen if isinstance(text, str) and text]
    if len(texts) == len(chosen):
        cleaned = [note.removeprefix(FOR_TRANSLATORS[0]).strip() for note in notes]
        yield (texts[0] if len(texts) == 1 else (texts[0], texts[1])), cleaned


def _files(source: Path) -> list[Path]:
    files = [*source.rglob("*.py"), *source.rglob("templates/**/*")]
    wanted = (path for path in files if path.suffix in (".py", *TEMPLATES))
    return sorted(path for path in wanted if not GERMAN_ROOMS & {*path.relative_to(source).parts})


def _is_complete(string: object, found: Catalog) -> bool:
    if isinstance(string, str):
        return bool(string)
    forms = list(string) if isinstance(string, tuple | list) else []
    return len(forms) == found.num_plurals and all(forms)


if __name__ == "__main__":
    main()
