"""Whatever is sent to the forms that set the office up: it is no fault, and nothing slips in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from queue_server.domain.site import Site
from queue_server.office.setup.contents import entries
from queue_server.office.setup.parts import PARTS
from queue_server.settings import load_settings
from tests.office import Office
from tests.pages.setup_forms import KFZ, Visit, filled, settings

HOSTILE = ("\x00", "0", "x" * 9_000, '"]\n[server]\nport = 1\n', "2026-06-08", "\x1b[31m\x7f", "*")


@pytest.mark.parametrize(
    "path", ["gibt-es-nicht", "services/gibt-es-nicht", "hours/mon", "words/_new", "pages/7"]
)
def test_what_there_is_not_is_not_found(lea: FlaskClient, path: str) -> None:
    assert lea.get(f"/office/setup/{path}").status_code == 404
    assert lea.post(f"/office/setup/{path}", data={"step": "check"}).status_code == 404


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_in_any_field_are_a_fault(
    office: Office, lea: FlaskClient, visit: Visit, words: str
) -> None:
    office.app.testing = False
    base = filled(visit(lea, KFZ))["base"]

    answers = {
        path: lea.post(path, data={**fields, "base": base, "step": "save"}).status_code
        for path, fields in forms_full_of(words, settings(office).site("rathaus"))
    }

    assert {path: status for path, status in answers.items() if status >= 500} == {}
    now, read = settings(office), load_settings(settings(office).path, {})
    assert (now.sites, now.server) == (read.sites, read.server)
    assert now.server.port == 8000


def forms_full_of(words: str, site: Site) -> Iterator[tuple[str, dict[str, str]]]:
    """Every form of the office, with these words in all of its fields."""
    for part in PARTS:
        fields = {field.name: words for field in part.fields} | {"words-0": words}
        path = f"/office/setup/{part.id}"
        if not part.is_list:
            yield path, fields
        elif part.can_grow:
            yield f"{path}/_new", fields
        if part.is_list:
            yield from ((f"{path}/{each.id}", fields) for each in entries(part, site)[:1])
