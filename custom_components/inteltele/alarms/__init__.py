"""Alarms that ask one person after the other until somebody answers."""
