"""A server that can do nothing, to compare with: gunicorn, one gevent worker, one empty page."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.house import clean_environment, free_port, wait_for_page

PAGE = """
from flask import Flask
app = Flask(__name__)
app.get("/")(lambda: "")
"""


@contextmanager
def bare_server() -> Iterator[subprocess.Popen[bytes]]:
    """Begins when its page has been answered."""
    with tempfile.TemporaryDirectory(prefix="aufruf-bench-") as name:
        (Path(name) / "bare.py").write_text(PAGE)
        port = free_port()
        words = ["-k", "gevent", "-w", "1", "-b", f"127.0.0.1:{port}", "--no-control-socket"]
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *words, "bare:app"],
            cwd=name, env=clean_environment(), stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for_page(port, process, "/")
            yield process
        finally:
            process.terminate()
            process.wait(timeout=20)
