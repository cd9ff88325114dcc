"""Messages to phones whose page is closed: what is said, how it is sealed, and where it may go."""
