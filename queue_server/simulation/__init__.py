"""Invented people: a queue known from textbooks, and days of the configured office."""
