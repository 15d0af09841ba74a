"""Compare two builds of the site: `python tests/support/compared.py ONE OTHER`.

The name of the generator may differ, and the day of the build; nothing else may.
"""

import gzip
import re
import sys
from pathlib import Path

MAY_DIFFER = re.compile(rb'<meta name="generator" content="[^"]*">|<lastmod>[-\d]*</lastmod>')


def differences(one: Path, other: Path) -> list[str]:
    """Return a line for each file that is missing in one of two folders, or differs."""
    files = [
        {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        for folder in (one, other)
    ]
    missing = [f"{path} is in one of the two only" for path in sorted(files[0] ^ files[1])]
    differing = [
        f"{path} differs"
        for path in sorted(files[0] & files[1])
        if _content(one / path) != _content(other / path)
    ]
    return missing + differing


def _content(path: Path) -> bytes:
    """Return what a file says, without what may differ."""
    content = path.read_bytes()
    if path.suffix == ".gz":  # it holds the time at which it was written
        content = gzip.decompress(content)
    return MAY_DIFFER.sub(b"", content)


if __name__ == "__main__":
    found = differences(*map(Path, sys.argv[1:]))
    sys.exit("\n".join(found))
