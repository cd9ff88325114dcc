"""Services in other languages: what their own tables say, and what the words of the site add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from queue_server.domain.site import Service, Translation
from queue_server.settings.schema_site import ServiceTable


def translations(table: ServiceTable) -> dict[str, Translation]:
    """What `[site.service.translated]` says, by language."""
    given = table.translated.by_language()
    return {language: Translation(**words.values()) for language, words in given.items()}


def with_own_words(service: Service, words: Mapping[str, Mapping[str, str]]) -> Service:
    """The service, its texts translated as `words` of the site say where it says nothing itself.

    Documents are translated all or none: a list in two languages helps nobody.
    """
    translations = dict(service.translations)
    for language, known in words.items():
        documents = tuple(known.get(each, "") for each in service.documents)
        found = Translation(
            name=known.get(service.name, ""),
            group_name=known.get(service.group_name, ""),
            fee=known.get(service.fee, ""),
            documents=documents if all(documents) else (),
        )
        own = translations.get(language, Translation())
        translations[language] = replace(found, **own.given())
    return replace(service, translations=translations)
