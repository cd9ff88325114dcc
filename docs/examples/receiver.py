"""Receives webhooks, checks their signature, and does each of them once. Python 3.9 or newer.

AUFRUF_WEBHOOK_SECRET=… python3 receiver.py 8090
In config.toml: url = "http://localhost:8090/", secret = "env:AUFRUF_WEBHOOK_SECRET"
"""

import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ["AUFRUF_WEBHOOK_SECRET"].encode()
done = set()  # A real system keeps these where it keeps its files, for two days.


def is_genuine(header, body):
    """Whether the secret's holder signed these bytes within the last five minutes."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    sent_at, given = parts.get("t", ""), parts.get("v1", "")
    right = hmac.new(SECRET, sent_at.encode() + b"." + body, hashlib.sha256).hexdigest()
    is_fresh = sent_at.isdigit() and abs(time.time() - int(sent_at)) < 300
    return is_fresh and hmac.compare_digest(right, given)


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self):
        body = self.rfile.read(min(int(self.headers["Content-Length"]), 65536))
        if not is_genuine(self.headers.get("Aufruf-Signature", ""), body):
            return self.send_error(403)
        message = json.loads(body)
        if message["id"] not in done:  # The same message may come twice.
            print("open the file of", message.get("appointment", message.get("number")), flush=True)
            done.add(message["id"])
        self.send_response(204)
        self.end_headers()


HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
