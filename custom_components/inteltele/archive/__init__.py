"""What was sent: who may read it, and how it is read."""
