"""The wall display in the waiting room."""
