"""Letters to people who booked: made from the journal, written when they leave, sent by a postman.

- `letter_rules.py` says which events are worth a letter and when one is moot;
- `contents.py` reads what it is about, `pages.py` has its words, `writing.py` makes the message;
- `carriers.py` and `smtp.py` carry it, `trouble.py` names what went wrong;
- `postman.py` goes the rounds.
"""
