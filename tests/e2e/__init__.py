"""A real Home Assistant against the simulated gateway, over HTTP."""
