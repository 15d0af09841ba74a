"""Imports run one way: from the command line and the site down to the lesson."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from builds import ROOT

LESSON = "lesson"
FACE = "face"  # backprop itself, which hands on what the pages import
TOOLS = ("variants", "figures", "export", "worksheets", "formulas")
MAY_IMPORT = {
    LESSON: set(),
    "symbolic": {LESSON},
    **{tool: {LESSON, "symbolic"} for tool in TOOLS},
    "worksheets": {LESSON, "symbolic", "figures"},
    FACE: {LESSON, "variants"},
    "pages": {FACE, LESSON, "symbolic", *TOOLS},
    "site": {FACE, LESSON, "symbolic", *TOOLS, "pages"},
    "cli": {FACE, LESSON, "symbolic", *TOOLS, "pages"},
}


def room_of(module: str) -> str:
    """The room of a module, such as that of `backprop.symbolic.graph`."""
    first, *rest = module.split(".")[1:] or [FACE]
    if first == "__main__":
        return "cli"
    return first if rest or first in MAY_IMPORT else LESSON


def imported(source: str) -> Iterator[str]:
    """Yield the modules of the package that a module imports, or loads by name."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str() as module, names=names):
                yield from (_module(module, name.name) for name in names)
            case ast.Call(
                func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=name)]
            ):
                yield str(name)


def _module(package: str, name: str) -> str:
    """The module that `from package import name` reads: the name itself, if it is a module."""
    path = ROOT / Path(*package.split("."), name)
    is_module = path.with_suffix(".py").exists() or path.is_dir()
    return f"{package}.{name}" if is_module else package


def faults(module: str, source: str) -> list[str]:
    """The imports of a module that run the wrong way."""
    room = room_of(module)
    others = [name for name in imported(source) if name.split(".")[0] == "backprop"]
    return [
        f"{module} imports {other}"
        for other in others
        if room_of(other) not in {room, *MAY_IMPORT[room]}
    ]


MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "backprop").rglob("*.py"))
}


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_one_way(module: str) -> None:
    assert not faults(module, MODULES[module].read_text("utf-8"))


@pytest.mark.parametrize(
    ("module", "line", "fault"),
    [
        ("backprop.network", "from backprop.symbolic import graph", "backprop.symbolic.graph"),
        ("backprop.symbolic.graph", "import backprop.formulas.latex", "backprop.formulas.latex"),
        ("backprop.formulas.judge", "from backprop.pages.check import check", None),
        ("backprop.figures.svg", "importlib.import_module('backprop.export.csv')", None),
        ("backprop.pages.check", "from backprop.cli import main", "backprop.cli"),
    ],
)
def test_an_import_that_runs_the_wrong_way_is_found(
    module: str, line: str, fault: str | None
) -> None:
    [found] = faults(module, line)
    assert found.startswith(f"{module} imports {fault or 'backprop.'}")


@pytest.mark.parametrize("module", [name for name in MODULES if name.count(".") == 1])
def test_each_room_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(ast.parse(MODULES[module].read_text("utf-8")))
