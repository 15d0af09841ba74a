"""Test the pages as well, wherever pytest is started from."""

import os
import sys

# Keras does not import without its default, TensorFlow, and its blocks would be skipped.
os.environ.setdefault("KERAS_BACKEND", "jax")
# Tests start Python hundreds of times, which takes twice as long where it keeps nothing compiled,
# and so does the collection of the tests in each process.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Not by `-p` among the options: the plugin would import the package before it is measured.
pytest_plugins = ["backprop.pages.pytest_plugin"]
