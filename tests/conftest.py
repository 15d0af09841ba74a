"""Settings of all tests."""

from hypothesis import settings

# The same examples on every machine: a run that passed here passes in CI.
settings.register_profile("same everywhere", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("same everywhere")
