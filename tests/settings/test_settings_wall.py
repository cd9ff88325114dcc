"""What walls show: colours that can be read, pages, sites and areas that there are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queue_server.domain.theme import Theme, ratio, text_on

WALL = '\n[[site.display]]\nid = "wand"\n'


def test_a_colour_on_which_no_text_can_be_read_is_refused(office, smallest):
    [problem] = office.problems(smallest + '\n[site.theme]\ncolor = "#8a8a8a"\n')

    assert problem == (
        'config.toml line 16: site "rathaus".theme.color: expected a colour on which white or dark '
        "text has a contrast of at least 7:1 (WCAG 2.2, 1.4.6); here it has 5.0:1, "
        'got "#8a8a8a"'
    )


def test_a_contrast_that_falls_short_by_a_little_is_not_rounded_up(office, smallest):
    # The lightest grey with 7:1 on white is #595959.
    [problem] = office.problems(smallest + '\n[site.theme]\naccent = "#5a5a5a"\n')

    assert "theme.accent" in problem and "6.8" in problem
    office.load(smallest + '\n[site.theme]\naccent = "#595959"\n')


@pytest.mark.parametrize("color", ["rot", "#fff", "00525c", "#00525g"])
def test_a_colour_is_six_digits(office, smallest, color):
    [problem] = office.problems(smallest + f'\n[site.theme]\ncolor = "{color}"\n')

    assert 'expected a colour such as "#00525c"' in problem


def test_the_colours_of_the_house_keep_their_own_rule():
    theme = Theme()

    assert ratio(text_on(theme.color), theme.color) >= 7
    assert ratio(text_on(theme.accent), theme.accent) >= 7


def test_a_crest_that_is_not_there_is_named(office, smallest):
    theme = '\n[site.theme]\ncrest = "wappen.svg"\n'
    [problem] = office.problems(smallest + theme)
    folder = office.path.parent

    assert problem == (
        'config.toml line 16: site "rathaus".theme.crest: expected a picture file, but there is no '
        f"{folder / 'wappen.svg'}"
    )
    (folder / "wappen.svg").write_text("<svg/>")
    crest = office.load(smallest + theme).site("rathaus").theme.crest
    assert Path(crest) == folder / "wappen.svg"
    assert "a picture file beside this one" in office.problems(
        smallest + theme.replace("svg", "exe")
    )[0].replace(str(folder), "")


def test_a_page_is_a_text_or_a_picture_and_ends_after_it_begins(office, smallest):
    both = '\n[[site.page]]\ntext = "Neu"\npicture = "neu.png"\n'
    (office.path.parent / "neu.png").write_bytes(b"")
    backwards = '\n[[site.page]]\ntext = "Neu"\nfrom = 2026-12-24\nuntil = "2026-12-01"\n'

    assert "expected either a text or a picture" in office.problems(smallest + both)[0]
    alone = both.replace('text = "Neu"', "") + '[site.page.translated]\nen = "x"\n'
    assert "expected a text that it translates" in office.problems(smallest + alone)[0]
    text = '\n[[site.page]]\ntext = "Neu"\nalt = "Ein Bild"\n'
    assert "expected a picture that it describes" in office.problems(smallest + text)[0]
    assert "expected either" in office.problems(smallest + "\n[[site.page]]\n")[0]
    assert office.problems(smallest + backwards) == [
        'config.toml line 18: site "rathaus".page number 1.until: '
        "expected a day from 2026-12-24 on, got 2026-12-01"
    ]


def test_a_page_knows_its_days_and_its_displays(office, smallest):
    page = '[[site.page]]\ntext = "Neu"\nfrom = 2026-12-01\nuntil = "2026-12-24"\n'
    text = smallest + WALL + page + 'displays = ["wand"]\n'

    [found] = office.load(text).site("rathaus").pages

    assert (found.shown_from, found.until) == (date(2026, 12, 1), date(2026, 12, 24))
    assert found.displays == ("wand",)
    [problem] = office.problems(text.replace('["wand"]', '["want"]'))
    assert 'expected a display of this site, got "want"; did you mean "wand"?' in problem


def test_a_wall_names_sites_and_areas_that_there_are(office, smallest):
    area = smallest + 'area = "Erdgeschoss"\n' + WALL
    office.load(area + 'sites = ["rathaus"]\nareas = ["Erdgeschoss"]\n')

    assert (
        'expected an area of a counter, got "Keller"'
        in office.problems(area + 'areas = ["Keller"]\n')[0]
    )
    assert (
        'expected the id of a site, got "rathau"; did you mean "rathaus"?'
        in office.problems(area + 'sites = ["rathau"]\n')[0]
    )


def test_a_misspelled_key_of_a_page_is_told_the_keys_that_there_are(office, smallest):
    [problem] = office.problems(smallest + '\n[[site.page]]\ntext = "Neu"\nfrm = "2026-12-01"\n')

    assert 'unknown key "frm"; did you mean "from"?' in problem
    assert "text, picture, alt, from, until, displays" in problem
