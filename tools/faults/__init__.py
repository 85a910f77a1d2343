"""The integration under fire: everything that can go wrong, done to a real house."""
