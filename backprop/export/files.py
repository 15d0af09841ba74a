"""Write a file so that a crash or a full disk leaves the old one."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Put a text in a file, all of it or nothing.

    What a link points to is replaced, not the link; a file that exists keeps its mode.

    Raises:
        OSError: the text could not be written, and nothing has changed.
    """
    write_all({path: text})


def write_all(texts: Mapping[Path, str]) -> None:
    """Put several texts in files: none of them before all are written and need only a new name.

    Raises:
        OSError: a text could not be written, and nothing has changed.
    """
    written: list[tuple[str, Path]] = []
    try:
        for path, text in texts.items():
            target = path.resolve()
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
            written.append((name, target))
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(_mode(target))
        for name, target in written:
            os.replace(name, target)  # noqa: PTH105  # as one step, which is the point
    except BaseException:
        for name, _ in written:
            with suppress(OSError):
                os.unlink(name)  # noqa: PTH108
        raise


def _mode(target: Path) -> int:
    """Return the mode of a file, or the one that a new file gets."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)  # there is no other way to read it
    os.umask(mask)
    return 0o666 & ~mask
