"""Tests of the room `sending`."""
