"""PostgreSQL behind the store, for offices that run on more than one machine.

Only `store/engines.py` imports this room, and only when a database address asks for it: psycopg
comes with the extra `postgres`.
"""
