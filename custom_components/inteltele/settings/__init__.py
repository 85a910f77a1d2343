"""What a person set: options, recipients, the public URL, and the forms for them."""
