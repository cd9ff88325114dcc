"""A template that leaves nothing behind once its page is written."""

from __future__ import annotations

from typing import Any

from jinja2 import Template


class PageTemplate(Template):
    """Macros refer to the context that holds them: without an end to that, each page with macros
    stays in memory, with all that it shows, until the next search for garbage."""

    def render(self, *args: Any, **values: Any) -> str:
        """As Jinja's own."""
        context = self.new_context(dict(*args, **values))
        try:
            return self.environment.concat(self.root_render_func(context))
        except Exception:
            self.environment.handle_exception()
        finally:
            context.vars.clear()
