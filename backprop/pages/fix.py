"""Correct the wrong digits and words of a page."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import unified_diff
from io import StringIO

from backprop.formulas.values import Unbound
from backprop.pages.check import Checked, check_page
from backprop.pages.page import Edit, Page, Place
from backprop.pages.reader import read_text
from backprop.pages.rewrite import rewritten

MOST_PASSES = 10  # once a number is right, another may turn out wrong; this ends soon


@dataclass
class Fixed:
    """The result of fixing a page.

    Attributes:
        page: before the fix.
        checked: after it.
        changes: the place of each change, and what was changed.
    """

    page: Page
    checked: Checked
    changes: list[tuple[Place, str]] = field(default_factory=list)

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        pages = self.page, self.checked.page
        old, new = (StringIO(page.file, newline="\n").readlines() for page in pages)
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in unified_diff(old, new, self.page.path, self.page.path)
        )


def fix(page: Page) -> Fixed:
    """Correct each wrong number or word whose right form is certain."""
    fixed = Fixed(page, check_page(page))
    for _ in range(MOST_PASSES):
        now = fixed.checked.page
        edits = list(_edits(fixed.checked))
        for edit in edits:
            old = now.parts[edit.part].text[edit.start : edit.end]
            if old.startswith("<!--"):  # the mark of a word that has changed
                continue
            fixed.changes.append((now.place(edit.part, edit.start), f"{old} is now {edit.text}"))
        if edits:
            again = read_text(now.edited(edits), page.path)
            fixed.checked = check_page(again, fixed.checked.seconds)
    return fixed


def _edits(checked: Checked) -> Iterator[Edit]:
    """Yield an edit for each wrong number or word whose right form is certain."""
    certain = [each for each in checked.findings if each.instead and each.certain]
    wrong = {id(each.binding) for each in certain}
    for bound in checked.bound:
        if id(bound.binding) in wrong and not bound.binding.right(bound.world):
            with suppress(Unbound):  # more digits than a page may print: the author has to say it
                yield rewritten(bound, bound.world)
    known = {(each.part, each.end) for each in certain}
    for words, _ in checked.words:
        if (words.part, words.end) in known:
            yield from words.written(first=not words.first)
