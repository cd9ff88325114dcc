"""The queries: what a wall, a desk, a phone or a homepage shows, computed from one snapshot."""
