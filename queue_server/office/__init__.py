"""The head of office's pages: the state of the house, days that are unlike others."""
