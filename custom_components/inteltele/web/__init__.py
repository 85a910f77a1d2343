"""HTTP: delivery reports, answer pages, pictures and the card."""
