"""The demo: a simulated gateway, and a house that sends through it."""
