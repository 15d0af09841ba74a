"""Where the fuzzers start from, and the words that they put in."""

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

WORD = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+_\w|[$`#|>!=~*&^_{}\[\]()<:+.,-]{1,4}|\d+\.\d+")
ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs").glob("*.ipynb"))]


def seeded(arguments: list[str], texts: Iterable[str], name: str) -> list[str]:
    """Return the arguments with a folder of inputs to start from, if none is given."""
    if any(not argument.startswith("-") for argument in arguments[1:]):
        return arguments
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    words: set[str] = set()
    for number, text in enumerate(texts):
        (folder / str(number)).write_text(text, "utf-8")
        words.update(WORD.findall(text))
    dictionary = folder.with_suffix(".dict")
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in sorted(words)))
    options = [
        f"-dict={dictionary}",
        f"-artifact_prefix={folder}-",
        "-timeout=10",  # seconds for one input
        "-max_len=4096",
    ]
    return [*arguments[:1], *options, *arguments[1:], str(folder)]


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())
