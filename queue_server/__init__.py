"""Aufruf: a counter queue display and call-up system for public offices."""
