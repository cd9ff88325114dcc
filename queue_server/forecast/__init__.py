"""How long people still wait: the present office, simulated many times with its own rule."""
