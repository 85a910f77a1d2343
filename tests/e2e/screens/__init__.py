"""Pictures of everything that a user reads, in every language."""
