"""What `from backprop import ...` gives is loaded when it is asked for, and has its types."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import backprop


def typed() -> dict[str, str]:
    """The module of each name, as type checkers read it."""
    tree = ast.parse(Path(backprop.__file__).read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {
        str(alias.asname): str(node.module)
        for node in imports
        for alias in node.names
        if str(node.module).startswith("backprop")
    }


def test_what_is_loaded_is_what_type_checkers_read() -> None:
    assert sorted(typed()) == backprop.__all__ == dir(backprop)
    for name, module in typed().items():
        value = getattr(backprop, name)
        assert value is getattr(sys.modules[module], name)


def test_all_names_can_be_imported_at_once() -> None:
    names: dict[str, object] = {}
    exec("from backprop import *", names)  # noqa: S102
    assert {*backprop.__all__} <= {*names}


def test_another_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'backprop' has no attribute 'forwards'"):
        _ = backprop.forwards


def test_importing_the_package_loads_no_numpy() -> None:
    loaded = "print('numpy' in sys.modules)"
    code = f"import sys, backprop; {loaded}; backprop.train; {loaded}"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["False", "True"]
