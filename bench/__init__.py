"""Programs that measure this machine; `python -m bench` runs them all and prints Markdown."""
