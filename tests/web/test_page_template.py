"""A page that was shown leaves nothing behind that only a search for garbage finds."""

from __future__ import annotations

import gc

import jinja2
import pytest

from queue_server.booking.start import StartPage
from queue_server.web.page_template import PageTemplate
from tests.office import Office


def test_a_page_with_macros_is_gone_once_it_was_shown(office: Office) -> None:
    visitor = office.visitor()
    assert visitor.get("/").status_code == 200
    gc.collect()
    gc.disable()
    try:
        assert visitor.get("/").status_code == 200
        left = [each for each in gc.get_objects() if type(each) is StartPage]
    finally:
        gc.enable()

    assert not left


def test_a_template_that_fails_says_where() -> None:
    templates = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
    templates.template_class = PageTemplate

    with pytest.raises(jinja2.UndefinedError, match="nobody"):
        templates.from_string("{% macro name() %}{{ nobody }}{% endmacro %}{{ name() }}").render()
