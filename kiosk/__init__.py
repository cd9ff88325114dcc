"""The check-in terminal where people arrive."""
