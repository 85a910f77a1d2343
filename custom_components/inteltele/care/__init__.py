"""What needs a person: repairs issues and what raises them."""
