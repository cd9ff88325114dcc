"""A town with people moving: visitors come and clerks work, through the same actions as real ones.

`past` writes the days that it has behind it, `past_day` one of them: real events of a real store,
faster than life.

`scene` has what they share and the agenda, `visitors` come, `clerks` call and serve, `town` puts
them together. Nobody here writes into the database in any other way than the product itself.
"""
