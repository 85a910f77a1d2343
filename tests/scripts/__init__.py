"""Tests of the scripts and of what they install."""
