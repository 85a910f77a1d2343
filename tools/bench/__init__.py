"""How the integration compares with what a user would use instead."""
