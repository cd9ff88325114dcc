"""Rules that a user would miss, tried on the real thing."""
