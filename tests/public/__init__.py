"""Tests of the public room."""
