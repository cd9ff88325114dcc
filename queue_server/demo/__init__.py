"""A town with people moving: visitors come and clerks work, through the same verbs as real ones.

`agenda` keeps who does what when, `visitors` come, `clerks` call and serve, `town` puts them
together. Nobody here writes into the database in any other way than the house itself.
"""
