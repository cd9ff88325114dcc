"""The `aufruf` command, one file for each group of commands.

Exit codes: 0 done, 1 refused with a sentence on stderr, 2 wrong usage.
"""
