"""The commands `backprop check`, `fix` and `render`."""

import argparse
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from backprop.export import files
from backprop.pages.check import Checked, Finding, check_page
from backprop.pages.fix import fix as fix_page
from backprop.pages.formats import FORMATS, TEXT
from backprop.pages.page import Page, ReadError
from backprop.pages.proposed import proposal
from backprop.pages.reader import PAGES, read
from backprop.pages.render import changes_in
from backprop.pages.render import render as render_page
from backprop.pages.terminal import excerpt, printable
from backprop.pages.words import unbound
from backprop.symbolic.givens import SettingsError

DEFAULTS = ("docs", "README.md")
OTHERS = (  # the endings of pages in other markup, which is not understood
    *(".mdown", ".mkd", ".mkdn", ".rmd", ".rmarkdown"),
    *(".rst", ".tex", ".adoc", ".asciidoc", ".org", ".textile", ".typ"),
)
READ = f"{', '.join(PAGES[:-1])} or {PAGES[-1]}"


@dataclass
class Tally:
    """The counts and findings of all pages, and the files that could not be read."""

    equations: int = 0
    bound: int = 0
    words: int = 0
    exempt: int = 0
    findings: list[Finding] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    only_wrong: bool = False
    others: int = 0

    def add(self, checked: Checked) -> None:
        """Add a page, with all its findings or only those that are surely wrong."""
        if self.only_wrong:
            wrong = [finding for finding in checked.findings if finding.wrong]
            self.others += len(checked.findings) - len(wrong)
            checked.findings = wrong
        self.equations += checked.equations
        self.bound += len(checked.bound)
        self.words += len(checked.words)
        self.exempt += checked.exempt
        self.findings += checked.findings

    def refuse(self, error: str) -> None:
        """Report a file that could not be read or written."""
        self.errors.append(error)
        print(printable(error), file=sys.stderr)

    @property
    def status(self) -> int:
        """The exit status."""
        return 2 if self.errors else 1 if self.findings else 0

    def __str__(self) -> str:
        """Return the last line of a report."""
        counts = (
            (self.equations, "equation", " checked"),
            (self.bound, "number", " bound"),
            *([(self.words, "word", " bound")] if self.words else []),
            (self.exempt, "exemption", ""),
            (len(self.findings), "finding", ""),
        )
        said = ", ".join(f"{n:,} {what}{'s' * (n != 1)}{done}" for n, what, done in counts)
        return said + f", {self.others:,} not understood" * self.only_wrong


def check(options: argparse.Namespace) -> int:
    """Run `backprop check`."""
    if options.words:
        return _unbound(options.paths)
    tally = Tally(only_wrong=options.wrong)
    if options.letters:
        for page in _pages(options.paths, tally):
            print(proposal([math.latex for math in page.math]))
        return tally.status
    with _without_collection():
        for page in _pages(options.paths, tally):
            checked = check_page(page)
            tally.add(checked)
            if options.format == TEXT:
                show(checked)
    if options.format == TEXT:
        print(tally)
    else:
        print(FORMATS[options.format](tally), end="")
        print(tally, file=sys.stderr)
    return tally.status


def _unbound(paths: Sequence[str]) -> int:
    """List the sentences that compare numbers and are bound to no condition."""
    tally, found = Tally(), 0
    for page in _pages(paths, tally):
        for part, start, _, sentence in unbound(page):
            found += 1
            print(printable(f"{page.path}:{page.place(part, start)}: {sentence}"))
    print(f"{found} sentence{'s' * (found != 1)} without a condition or a reason")
    return tally.status or int(found > 0)


def fix(options: argparse.Namespace) -> int:
    """Run `backprop fix`."""
    tally, changes = Tally(), 0
    report = sys.stderr if options.diff else sys.stdout
    for page in _pages(options.paths, tally):
        fixed, path = fix_page(page), Path(page.path)
        if options.diff:
            print(fixed.diff, end="")
        elif not fixed.changes:
            files.remove_leftovers([path])
        else:
            try:
                files.write_all({path: fixed.checked.page.file}, {path: page.file})
            except OSError as error:
                tally.refuse(f"{page.path}: not fixed: {error.strerror}")
                continue
            for place, change in fixed.changes:
                print(printable(f"{page.path}:{place}: {change}"))
        changes += len(fixed.changes)
        tally.add(fixed.checked)
        show(fixed.checked, report)
    done = "to be fixed" if options.diff else "fixed"
    print(f"{changes} number{'s' * (changes != 1)} {done}, {tally}", file=report)
    return tally.status or int(options.diff and changes > 0)


def render(options: argparse.Namespace) -> int:
    """Run `backprop render`."""
    tally, out = Tally(), Path(options.output)
    if objection := _objection(Path(options.page), out, force=options.force):
        tally.refuse(f"backprop render: {objection}")
    for page in () if objection else _pages([options.page], tally):
        try:
            changes = changes_in(options.givens, page)
            rendered = render_page(
                page,
                changes,
                options.output,
                run=not options.no_code,
                longer=not options.keep_digits,
            )
            files.write_all(
                {out: rendered.checked.page.file}, None if options.force else {out: None}
            )
        except SettingsError as error:
            tally.refuse(f"backprop render: {error}")
        except OSError as error:
            tally.refuse(f"{out}: not written: {error.strerror}")
        else:
            tally.add(rendered.checked)
            for missed in rendered.missed:
                print(printable(f"not rendered: {missed}"), file=sys.stderr)
            numbers = f"{rendered.numbers:,} number{'s' * (rendered.numbers != 1)}"
            print(f"{out}: {numbers} rendered, {len(rendered.missed)} not; {tally}")
            return int(bool(rendered.missed))
    return 2


def _objection(page: Path, out: Path, *, force: bool) -> str:
    """Return why a page cannot be rendered to a file, if it cannot."""
    if page.is_dir():
        return f"{page}: this is a folder, expected a page"
    if page.suffix != out.suffix:
        return f"{out}: came for {page.name}, expected a name with the same ending"
    if os.path.lexists(out) and (out.is_dir() or not force):
        return f"{out}: exists already; --force overwrites a file"
    return ""


def show(checked: Checked, out: TextIO | None = None) -> None:
    """Print the findings of a page; on a terminal, each with its line and a caret."""
    out = out or sys.stdout
    terminal = out is not None and out.isatty()
    for finding in checked.findings:
        line = excerpt(finding, checked.page) if terminal else printable(str(finding))
        print(line, file=out)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Turn off garbage collection, which costs time and frees nothing during a check."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _pages(paths: Sequence[str], tally: Tally) -> Iterator[Page]:
    """Yield each page once, and report what cannot be read."""
    for path in dict.fromkeys(_files(paths, tally)):
        try:
            yield read(path)
        except ReadError as error:
            tally.refuse(str(error))
        except OSError as error:
            tally.refuse(f"{path}: {error.strerror}")


def _files(paths: Sequence[str], tally: Tally) -> Iterator[Path]:
    """Yield the files that the arguments of a command name."""
    if "" in paths:  # an unset variable of a shell; Python would take it for this folder
        tally.refuse("'' came, expected a page or a folder")
        return
    meant = [Path(path) for path in paths or DEFAULTS if paths or Path(path).exists()]
    if not meant:
        tally.refuse(f"{' and '.join(DEFAULTS)}: neither is here; name a page or a folder")
    for path in meant:
        if os.path.isdir(path):  # noqa: PTH112  # false for names that no file can have
            pages, unread = pages_in(path), unread_in(path)
            for other in unread:
                tally.refuse(f"{other}: not read, expected {READ} files and no links")
            if not pages and not unread:
                tally.refuse(f"{path}: no page is below this folder, expected {READ} files")
            yield from pages
        elif os.path.exists(path) and not path.is_file():  # noqa: PTH110  # as above
            tally.refuse(f"{path}: this is no file, expected a page or a folder")
        elif is_unread(path):
            tally.refuse(f"{path}: not read, expected a file of {READ}")
        else:
            yield path


def pages_in(folder: Path) -> Sequence[Path]:
    """Return the pages below a folder, hidden folders left out, in order."""
    return sorted(path for path in _seen_in(folder) if path.suffix in PAGES and path.is_file())


def unread_in(folder: Path) -> Sequence[Path]:
    """Return what is not read below a folder, in order: pages in other markup, linked folders."""
    return sorted(
        path
        for path in _seen_in(folder)
        if (is_unread(path) and path.is_file()) or (path.is_symlink() and path.is_dir())
    )


def is_unread(path: Path) -> bool:
    """Tell by the ending of its name whether a file is a page of a kind that is not read."""
    ending = path.suffix.lower()
    return ending in OTHERS or (ending in PAGES and path.suffix not in PAGES)


def _seen_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path
