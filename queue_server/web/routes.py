"""Flask and its routes without what no page of ours needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

View = Callable[..., Any]
BuildAddress = Callable[..., tuple[str, str]]
_compiled: dict[Any, BuildAddress] = {}


class PlainFlask(Flask):
    """Flask, which asks everything that it calls in each request whether it is a coroutine."""

    def ensure_sync(self, func: View) -> View:
        """Nothing of ours is one."""
        return func


class LateRule(Rule):
    """A route of Werkzeug, which compiles two functions for each of two hundred routes at a start.

    An office uses some of them. Their code knows only the parts of the route, so each is compiled
    once a process.
    """

    def _compile_builder(self, append_unknown: bool = True) -> BuildAddress:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        route = (self.rule, tuple(self._trace), append_unknown)
        compiled = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if route not in _compiled:
                _compiled[route] = compiled(append_unknown)
            return _compiled[route](rule, **values)

        return build
