"""From an action's fields to messages, and back to its response."""
