import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backprop.cli import main
from backprop.export import files
from backprop.pages import commands
from backprop.pages import fix as fixing
from backprop.pages import render as rendering
from backprop.pages.fix import Fixed
from backprop.pages.page import Page

WRONG = "---\nbackprop: {example: notes}\n---\n\n$x_1 = 0.06$\n"
RIGHT = WRONG.replace("0.06", "0.05")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(WRONG, "utf-8")
    return path


def while_fixing(monkeypatch: pytest.MonkeyPatch, edit: Callable[[], object]) -> None:
    """Have somebody edit a file after it was read and before it is written."""
    fix = fixing.fix

    def fix_and_edit(page: Page) -> Fixed:
        fixed = fix(page)
        edit()
        return fixed

    monkeypatch.setattr(commands, "fix_page", fix_and_edit)


def refused(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a fix that must write nothing, and return the one line that says why."""
    before = path.read_bytes()
    assert main(["fix", str(path)]) == 2
    assert path.read_bytes() == before
    line = capsys.readouterr().err
    assert line.startswith(f"{path}: not fixed: ")
    assert line.count("\n") == 1
    return line


@pytest.mark.parametrize("how", ["in place", "by a new file"])
def test_an_edit_while_a_page_is_fixed_is_kept(
    how: str, page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def edit() -> None:
        new = page if how == "in place" else page.with_name("new")
        new.write_text(WRONG + "An edit.\n", "utf-8")
        new.replace(page)

    while_fixing(monkeypatch, edit)
    assert main(["fix", str(page)]) == 2
    assert page.read_text("utf-8") == WRONG + "An edit.\n"
    assert [*page.parent.iterdir()] == [page]
    message = "the file has changed meanwhile, and is left as it is now"
    assert capsys.readouterr().err == f"{page}: not fixed: {message}\n"


def test_a_page_that_is_removed_while_it_is_fixed_stays_removed(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    while_fixing(monkeypatch, page.unlink)
    assert main(["fix", str(page)]) == 2
    assert [*page.parent.iterdir()] == []
    assert "the file has changed meanwhile" in capsys.readouterr().err


def test_a_file_that_comes_while_a_page_is_rendered_stays(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page.write_text(RIGHT, "utf-8")
    out = page.with_name("out.md")
    render = rendering.render

    def render_and_write(*arguments: object, **options: object) -> object:
        out.write_text("mine", "utf-8")
        return render(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(commands, "render_page", render_and_write)
    assert main(["render", str(page), "-o", str(out)]) == 2
    assert out.read_text("utf-8") == "mine"
    assert "a file with this name has come meanwhile" in capsys.readouterr().err
    assert main(["render", str(page), "-o", str(out), "--force"]) == 0
    assert out.read_text("utf-8") == RIGHT


@AS_ROOT
def test_owner_group_and_mode_stay(page: Path) -> None:
    os.chown(page, 12345, 54321)
    page.chmod(0o640)
    assert main(["fix", str(page)]) == 0
    now = page.stat()
    assert (now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode)) == (12345, 54321, 0o640)
    assert page.read_text("utf-8") == RIGHT


@AS_ROOT
def test_a_set_user_id_bit_stays_with_its_owner(page: Path) -> None:
    os.chown(page, 12345, 54321)
    page.chmod(0o6755)
    assert main(["fix", str(page)]) == 0
    now = page.stat()
    assert (now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode)) == (12345, 54321, 0o6755)


def no_permission(*_: object, **__: object) -> None:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


@AS_ROOT
def test_a_page_whose_owner_cannot_be_kept_is_left(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    os.chown(page, 12345, 54321)
    page.chmod(0o4755)
    monkeypatch.setattr(os, "chown", no_permission)
    assert "its owner, group and attributes cannot be kept" in refused(page, capsys)
    now = page.stat()
    assert (now.st_uid, stat.S_IMODE(now.st_mode)) == (12345, 0o4755)
    assert [*page.parent.iterdir()] == [page]


def test_a_page_that_is_protected_from_writing_is_left(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page.chmod(0o444)
    if os.geteuid() == 0:  # who may write everything
        monkeypatch.setattr(os, "access", lambda *_: False)
    assert "the file is protected from writing" in refused(page, capsys)


def test_a_page_of_two_names_is_left(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = page.with_name("other.md")
    other.hardlink_to(page)
    assert "the file has 2 names (hard links)" in refused(page, capsys)
    assert page.samefile(other)
    assert {*page.parent.iterdir()} == {page, other}


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="this is a folder or a device, expected a file"):
        files.write_all({pipe: "text"})
    assert pipe.is_fifo()
    assert [*tmp_path.iterdir()] == [pipe]


@pytest.fixture
def attributes(page: Path) -> dict[str, bytes]:
    """Give the page an extended attribute, where the file system has these."""
    try:
        os.setxattr(page, "user.author", b"me")
    except (AttributeError, OSError):
        pytest.skip("no extended attributes here")
    return files._attributes(page)  # noqa: SLF001


def test_extended_attributes_stay(page: Path, attributes: dict[str, bytes]) -> None:
    assert main(["fix", str(page)]) == 0
    assert page.read_text("utf-8") == RIGHT
    assert files._attributes(page) == attributes  # noqa: SLF001


def test_a_page_whose_attributes_cannot_be_kept_is_left(
    page: Path,
    attributes: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(os, "setxattr", no_permission)
    assert "its owner, group and attributes cannot be kept" in refused(page, capsys)
    assert files._attributes(page) == attributes  # noqa: SLF001


def test_a_page_gets_no_attribute_that_it_did_not_have(
    page: Path, attributes: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def inherit(handle: int) -> None:  # as from the default access control list of a folder
        os.setxattr(handle, "user.inherited", b"x")
        os.setxattr(handle, "user.author", b"me")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", inherit)
    assert main(["fix", str(page)]) == 0
    assert files._attributes(page) == attributes  # noqa: SLF001


def test_a_file_system_may_have_no_attributes(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr(os, "listxattr", unsupported, raising=False)
    assert main(["fix", str(page)]) == 0


def test_a_system_may_have_no_attributes(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "listxattr", raising=False)
    assert main(["fix", str(page)]) == 0


def test_attributes_that_cannot_be_read_are_not_lost(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "listxattr", broken, raising=False)
    assert os.strerror(errno.EIO) in refused(page, capsys)


# Stops in the moment when the new text stands beside the file, and says so.
SLOW = """
import os, sys, time
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
def wait(handle):
    print("written", flush=True)
    time.sleep(60)
os.fsync = wait
from backprop.__main__ import run
sys.exit(run())
"""


def killed(arguments: list[str], with_signal: signal.Signals) -> tuple[int, str]:
    """Kill a command while it writes; return its status and what it says."""
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.send_signal(with_signal)
        _, error = process.communicate()
        return process.returncode, error


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        (signal.SIGINT, 130, "backprop: stopped\n"),
        (signal.SIGTERM, 143, ""),
        (signal.SIGKILL, -9, ""),
    ],
)
def test_a_kill_leaves_the_page_and_no_other_file_after_the_next_run(
    how: signal.Signals, status: int, said: str, page: Path
) -> None:
    assert killed(["fix", str(page)], how) == (status, said)
    assert page.read_text("utf-8") == WRONG
    if how != signal.SIGKILL:
        assert [*page.parent.iterdir()] == [page]
    assert main(["fix", str(page)]) == 0
    assert page.read_text("utf-8") == RIGHT
    assert [*page.parent.iterdir()] == [page]


def test_a_run_with_nothing_to_fix_removes_what_a_kill_has_left(page: Path) -> None:
    killed(["fix", str(page)], signal.SIGKILL)
    page.write_text(RIGHT, "utf-8")
    assert len([*page.parent.iterdir()]) == 2
    assert main(["fix", "--diff", str(page)]) == 0
    assert len([*page.parent.iterdir()]) == 2  # it writes nothing
    assert main(["fix", str(page)]) == 0
    assert [*page.parent.iterdir()] == [page]


def test_a_killed_worksheet_leaves_nothing_after_the_next(tmp_path: Path) -> None:
    command = ["worksheet", "--seed", "1", "-o", str(tmp_path)]
    killed(command, signal.SIGKILL)
    assert len([*tmp_path.iterdir()]) == 1
    assert main(command) == 0
    assert len([*tmp_path.iterdir()]) == 4


def test_the_files_of_another_are_left(page: Path) -> None:
    mine = page.with_name(".backprop-notes")
    mine.write_text("mine", "utf-8")
    assert main(["fix", str(page)]) == 0
    assert {*page.parent.iterdir()} == {page, mine}


def test_a_loop_of_links_has_no_leftovers(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    files.remove_leftovers([loop])
    assert loop.is_symlink()
