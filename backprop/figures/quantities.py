"""Make the table of every number of an example, for readers without JavaScript."""

from backprop import arguments
from backprop.examples import EXAMPLES
from backprop.figures.labels import given
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import NOTATIONS

HEAD = ["| name | value | how the total error changes with it |", "| --- | --- | --- |"]


def table(example: str) -> str:
    """Return the table in Markdown: a name, its value, the derivative of the total error.

    Args:
        example: `lecture` or `notes`.

    Raises:
        ValueError: there is no such example.
    """
    arguments.one_of("example", example, tuple(EXAMPLES))
    graph, latex = Graph.of(EXAMPLES[example]), NOTATIONS[example].latex
    error = latex("E_total")
    rows = []
    for name in graph.names:
        value = graph.value(name)
        printed = given(float(value), name) if name in graph.givens else f"{value:.8f}"
        fraction = rf"\frac{{\partial {error}}}{{\partial {latex(name)}}}"
        slope = "1" if name.startswith("E_") else f"{graph.derivative('E_total', name):.8f}"
        rows.append(f"| ${latex(name)}$ | ${printed}$ | ${fraction} = {slope}$ |")
    return "\n".join(["", *HEAD, *rows])
