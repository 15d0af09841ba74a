"""Exercise sheets with fresh numbers, and their keys."""
