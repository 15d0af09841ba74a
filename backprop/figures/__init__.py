"""Pictures of networks, drawn from the numbers in them."""
