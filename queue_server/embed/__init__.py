"""Aufruf in other people's pages: the way to an appointment, and how long it takes now."""
