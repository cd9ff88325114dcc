"""How long still: the office as it stands, lived through many times with its own rule."""
