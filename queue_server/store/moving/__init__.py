"""A whole installation from one database to another: every row copied, then compared."""
