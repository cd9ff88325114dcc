"""What is tried inside an empty environment: Aufruf's own packages, the standard library, no more.

This folder is copied beside the environment and run by its Python, far from the working copy.
"""
