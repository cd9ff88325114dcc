"""Telling other systems what has happened: signed, in order, again until they have taken it."""
