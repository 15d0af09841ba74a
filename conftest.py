"""Test the pages as well, wherever pytest is started from."""

import os
import sys

from backprop.pages import budget

# Keras does not import without its default, TensorFlow, and its blocks would be skipped.
os.environ.setdefault("KERAS_BACKEND", "jax")
# Tests start Python hundreds of times, which takes twice as long where it keeps nothing compiled,
# and so does the collection of the tests in each process.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What a page costs in seconds is for the benchmarks to say: here all is slower, since lines are
# counted and other programs run, on some machines ten times.
budget.SECONDS *= 10

# Not by `-p` among the options: the plugin would import the package before it is measured.
pytest_plugins = ["backprop.pages.pytest_plugin"]
