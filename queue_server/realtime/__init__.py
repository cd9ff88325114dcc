"""Sockets: the message vocabulary, the topics, and the hub that pushes after every commit."""
