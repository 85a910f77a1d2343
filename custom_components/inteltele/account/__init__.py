"""One account at work."""
