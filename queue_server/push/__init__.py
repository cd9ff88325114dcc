"""Messages to phones whose page is closed: their words, their encryption, and where they may go."""
