"""The visitors' pages at home and on the phone: start page, own ticket, own appointment."""
