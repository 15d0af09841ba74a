"""Write files safely: completely or not at all, keeping owner, mode and attributes."""

import errno
import os
import stat
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path


def write_all(
    texts: Mapping[Path, str | bytes], was: Mapping[Path, str | None] | None = None
) -> None:
    """Write texts or bytes into files: all of them, or none.

    Each text is written to a temporary file beside its target. When all are complete, each
    replaces its target in one step. Of a symbolic link the target is replaced, not the link. An
    existing file keeps its owner, group, mode and extended attributes, such as access control
    lists. A file that could not keep them is not replaced, nor is one with several names (hard
    links), since a new file would have only one of the names.

    Args:
        texts: the new content of each file.
        was: the text that was read from a file, or None if it must not exist. A file with another
            text has been edited in the meantime, and is not replaced. A file that is missing
            here is replaced whatever it contains.

    Raises:
        OSError: a file could not be written, and nothing has changed. (If a folder changes while
            the files are replaced, those before it are written.)
    """
    targets = {path: path.resolve() for path in texts}
    remove_leftovers(targets.values())
    written: list[tuple[str, Path, Path]] = []
    try:
        for path, target in targets.items():
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=_prefix(target))
            written.append((name, path, target))
            _fill(handle, texts[path])
            _take_over(name, target)
        for name, path, target in written:
            if was is not None and path in was:
                _compare(target, was[path])
            os.replace(name, target)  # noqa: PTH105  # as one step, which is the point
    except BaseException:
        for name, *_ in written:
            with suppress(OSError):
                os.unlink(name)  # noqa: PTH108
        raise


def _fill(handle: int, text: str | bytes) -> None:
    """Write a text to an open file, and wait until it is on the disk."""
    with os.fdopen(handle, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())


def remove_leftovers(paths: Iterable[Path]) -> None:
    """Remove the temporary files that a killed run has left beside some files.

    Another run that is writing one of them at the moment then fails, and changes nothing.
    """
    for path in paths:
        with suppress(OSError, RuntimeError):  # Python 3.11 raises the latter for a loop of links
            target = path.resolve()
            for left in target.parent.glob(f"{_prefix(target)}*"):
                left.unlink()


def _prefix(target: Path) -> str:
    """Return the beginning of the names of a file's temporary files, short enough for any name."""
    return f".backprop-{zlib.crc32(os.fsencode(target.name)):08x}-"


def _compare(target: Path, was: str | None) -> None:
    """Check that a file still contains what was read from it."""
    try:
        now = target.read_bytes()
    except FileNotFoundError:
        now = None
    if was is None and now is not None:
        raise OSError(errno.EEXIST, "a file with this name has come meanwhile, and is left")
    if was is not None and now != was.encode("utf-8"):
        raise OSError(errno.EBUSY, "the file has changed meanwhile, and is left as it is now")


def _take_over(name: str, target: Path) -> None:
    """Give a new file the owner, mode and extended attributes of the file that it replaces.

    The owner comes first, since a new owner clears the set-user-id bit, then the mode, and then the
    attributes, which include access control lists.
    """
    if not target.exists():
        mask = os.umask(0)  # the mask can only be read by setting it
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        return
    old, new = target.stat(), os.stat(name)  # noqa: PTH116
    _may_be_replaced(target, old)
    try:
        if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
            os.chown(name, old.st_uid, old.st_gid)
        Path(name).chmod(old.st_mode & 0o7777)
        _copy_attributes(name, target)
    except PermissionError as error:
        raise _refused(error) from None


def _may_be_replaced(target: Path, now: os.stat_result) -> None:
    """Check that a path is a regular, writable file with a single name."""
    if not stat.S_ISREG(now.st_mode):
        raise OSError(errno.EINVAL, "this is a folder or a device, expected a file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is protected from writing")
    if now.st_nlink > 1:
        what = f"the file has {now.st_nlink} names (hard links)"
        raise OSError(errno.EMLINK, f"{what}, expected one; copy it to a file of its own")


def _refused(error: PermissionError) -> OSError:
    return OSError(
        error.errno, "its owner, group and attributes cannot be kept, as you may not set them"
    )


def _copy_attributes(name: str, target: Path) -> None:
    """Make the extended attributes of a new file the same as those of its target."""
    if not hasattr(os, "listxattr"):  # only Linux has them in Python
        return
    old, new = _attributes(target), _attributes(name)
    for key in new.keys() - old.keys():
        os.removexattr(name, key)
    for key, value in old.items():
        if new.get(key) != value:
            os.setxattr(name, key, value)


def _attributes(path: str | Path) -> dict[str, bytes]:
    """Return the extended attributes of a file, none where the file system has no such thing."""
    try:
        return {key: os.getxattr(path, key) for key in os.listxattr(path)}
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return {}
        raise
