"""One SQLite file for each account."""
