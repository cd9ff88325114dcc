"""The calling rule in force: what the office decided while it runs, else what config.toml says."""

from __future__ import annotations

from queue_server.domain.site import PriorityRules, Site
from queue_server.store import rules
from queue_server.store.database import Reader


def rules_of(reader: Reader, site: Site) -> PriorityRules:
    """The rule by which the site calls people now."""
    return rules.decided(reader, site.id) or site.priority
