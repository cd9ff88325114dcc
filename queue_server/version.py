"""The version of Aufruf, written down once: pyproject.toml and the pages read it here."""

VERSION = "0.4"
