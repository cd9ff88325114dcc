"""Routes of Werkzeug, each compiled when an address is first built from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

BuildAddress = Callable[..., tuple[str, str]]
_compiled: dict[Any, BuildAddress] = {}


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
