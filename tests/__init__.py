"""Tests of the IntelTele integration."""
