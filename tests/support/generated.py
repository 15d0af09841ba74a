"""Fill the parts of pages that are made from the package or from data.

Run it as `python tests/support/generated.py`.

Such a part stands between two comments, such as `<!-- made by errors: notes, minus -->` and
`<!-- end -->`. The comment names the maker, the rest is what the maker is given. What is
made is committed, so that a page is plain Markdown, the checker reads it like all else, and a
change of the package shows as a change of the page.
"""

import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from textwrap import indent

from backprop.symbolic.explain import explanation

DOCS = Path(__file__).parents[2] / "docs"
PART = re.compile(
    r"((?P<indent> *)<!-- made by (?P<maker>\w+): (?P<given>[^\n]+) -->\n).*?( *<!-- end -->)",
    re.DOTALL,
)

Makers = Mapping[str, Callable[[str], str]]


def makers() -> Makers:
    """Return what makes a part, by the name that the comment before a part has for it."""
    sys.path.insert(0, str(Path(__file__).parent))
    import errata  # noqa: PLC0415  # its folder is on the path now, as it is in the tests
    import included  # noqa: PLC0415
    import quantities  # noqa: PLC0415
    import readers  # noqa: PLC0415
    import terms  # noqa: PLC0415
    import translation  # noqa: PLC0415

    return {
        "errors": errata.errors,
        "count": errata.count,
        "code": included.code,
        "names": translation.examples,
        "all_names": translation.everything,
        "glossary": terms.table,
        "explain": derivation,
        "readers": readers.table,
        "quantities": quantities.table,
    }


@cache
def derivation(given: str) -> str:
    """Return a derivation as `backprop explain` prints it; biases are frozen unless said."""
    example, parameter, *biases = given.split()
    choice = biases[0] if biases else "frozen"
    return explanation(example, parameter, biases=choice, as_latex=True)  # type: ignore[arg-type]


def pages() -> dict[Path, str]:
    """Return the pages with parts that are made, and their text."""
    texts = {path: path.read_text("utf-8") for path in sorted(DOCS.glob("*.md"))}
    return {path: text for path, text in texts.items() if PART.search(text)}


def filled(text: str, makers: Makers) -> str:
    """Return the text of a page with each part made anew, as far in as its comment is."""

    def fill(part: re.Match[str]) -> str:
        made = makers[part["maker"]](part["given"])
        return f"{part[1]}\n{indent(made, part['indent'])}\n\n{part[5]}"

    return PART.sub(fill, text)


if __name__ == "__main__":
    made = makers()
    for path, text in pages().items():
        path.write_text(filled(text, made), "utf-8")
