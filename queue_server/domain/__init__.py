"""The rules of the office as pure code: no I/O, no clock, standard library only."""
