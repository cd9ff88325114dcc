"""Telling other systems what has happened: signed, in order, repeated until accepted."""
