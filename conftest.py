"""Test the pages as well, wherever pytest is started from."""

# Not by `-p` among the options: the plugin would import the package before it is measured.
pytest_plugins = ["backprop.pages.pytest_plugin"]
