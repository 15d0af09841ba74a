"""Exercise sheets with numbers of their own, and the keys to them."""
