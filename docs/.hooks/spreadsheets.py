"""Make the files that a reader can take along: the examples as spreadsheets and as tables."""

import importlib
from collections.abc import Iterator
from decimal import Decimal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add `downloads/lecture.xlsx` and its like to the site."""
    for name, content in downloads():
        files.append(File.generated(config, f"downloads/{name}", content=content))
    return files


def downloads() -> Iterator[tuple[str, bytes]]:
    """Yield the name of each file, and what is in it."""
    # Imported here, since the package hook forgets the package before each build.
    graph, notation, csv, spreadsheet = (
        importlib.import_module(f"backprop.{name}")
        for name in ("symbolic.graph", "symbolic.notation", "export.csv", "export.spreadsheet")
    )
    for name, example in importlib.import_module("backprop.examples").EXAMPLES.items():
        given = graph.Graph.of(example), Decimal(str(example.learning_rate))
        letters = notation.NOTATIONS[name]
        title = f"The {name}: backpropagation, worked to the last digit"
        yield f"{name}.xlsx", spreadsheet.as_xlsx(*given, letters, title)
        # The mark at the beginning tells spreadsheet programs that the letters are UTF-8.
        yield f"{name}.csv", csv.as_csv(*given, letters).encode("utf-8-sig")
