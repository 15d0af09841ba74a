"""The worked examples as files to take along."""
