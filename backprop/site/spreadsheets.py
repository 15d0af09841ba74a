"""Make the files that readers can download: the examples as spreadsheets and as CSV tables."""

from decimal import Decimal
from functools import cache

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from backprop.examples import EXAMPLES
from backprop.export.csv import as_csv
from backprop.export.spreadsheet import as_xlsx
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import NOTATIONS


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add `downloads/lecture.xlsx` and its like to the site."""
    offered = config.plugins["backprop"].config["spreadsheets"]
    for name, content in downloads().items() if offered else ():
        files.append(File.generated(config, f"downloads/{name}", content=content))
    return files


@cache
def downloads() -> dict[str, bytes]:
    """Return the content of each file, by its name."""
    files = {}
    for name, example in EXAMPLES.items():
        given = Graph.of(example), Decimal(str(example.learning_rate))
        letters = NOTATIONS[name]
        title = f"The {name}: backpropagation, worked to the last digit"
        files[f"{name}.xlsx"] = as_xlsx(*given, letters, title)
        # The mark at the beginning tells spreadsheet programs that the letters are UTF-8.
        files[f"{name}.csv"] = as_csv(*given, letters).encode("utf-8-sig")
    return files
