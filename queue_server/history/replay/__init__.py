"""Real days played again: as they were, and as they would have been."""
