"""Let a project ask pytest to test its pages: `pytest --backprop notes/`, or a setting.

    [pytest]
    backprop = true

Pytest loads this wherever the package is installed, so it does nothing, and loads nothing of the
checker, until it is asked for.
"""

from importlib import import_module

import pytest

from backprop import DISTRIBUTION

CHECKER = "backprop.pages.pytest_plugin"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting."""
    group = parser.getgroup("backprop")
    group.addoption("--backprop", action="store_true", help="test each section of Markdown pages")
    parser.addini("backprop", "test each section of Markdown pages", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Load the checker of pages, if it is asked for.

    Raises:
        UsageError: a library that it needs is missing.
    """
    if config.getoption("backprop") or config.getini("backprop"):
        try:
            checker = import_module(CHECKER)
        except ImportError as missing:
            message = f"--backprop: {missing}; pip install '{DISTRIBUTION}[check]'"
            raise pytest.UsageError(message) from None
        if not config.pluginmanager.is_registered(checker):  # a conftest.py may have done so
            config.pluginmanager.register(checker, CHECKER)
