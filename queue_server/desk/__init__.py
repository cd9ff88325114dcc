"""The clerks' page: call, serve, book, see the queue."""
