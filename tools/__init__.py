"""What measures the integration, and what tries to break it."""
