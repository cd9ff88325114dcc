"""The desk's own keys in config.toml."""

from __future__ import annotations

import pytest

FILE_URL = "https://dms.example/akte?termin={appointment}&nummer={number}"


def test_the_digital_file_is_a_template_with_known_placeholders(office, smallest):
    [site] = office.load(f'{smallest}\n[site.desk]\nfile_url = "{FILE_URL}"\n').sites

    assert site.desk.file_url == FILE_URL
    assert office.load(smallest).sites[0].desk.file_url == ""


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("https://dms.example/{code}", "unknown placeholder {code}"),
        ("javascript:{number}", "an address such as"),
    ],
)
def test_any_other_placeholder_or_scheme_is_refused_by_name(office, smallest, template, words):
    [problem] = office.problems(f'{smallest}\n[site.desk]\nfile_url = "{template}"\n')

    assert "desk.file_url" in problem
    assert words in problem
