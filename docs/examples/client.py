"""How full is the office? Asks once and prints a line; needs nothing but Python 3.9 or newer.

AUFRUF_URL=https://termine.example.de AUFRUF_TOKEN=aufruf_… python3 client.py rathaus
The token is printed once by: aufruf token add "Foyer-Anzeige" --site rathaus --scope read
"""

import json
import os
import sys
import urllib.error
import urllib.request


def get(path):
    """The answer as Python values. Raises HTTPError, whose body is a problem document."""
    request = urllib.request.Request(os.environ["AUFRUF_URL"] + "/api/v1" + path)
    request.add_header("Authorization", "Bearer " + os.environ["AUFRUF_TOKEN"])
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


try:
    site = sys.argv[1]
    name = get(f"/sites/{site}")["name"]
    queue = get(f"/sites/{site}/queue")
except urllib.error.HTTPError as error:
    problem = json.load(error)
    sys.exit(f"{problem['status']} {problem['code']}: {problem['detail']}")
waiting = [ticket["number"] for ticket in queue["waiting"]]
print(f"{name}: {len(waiting)} waiting, next {waiting[0] if waiting else 'nobody'}")
