"""The rules of the house as pure code: no I/O, no clock, standard library only."""
