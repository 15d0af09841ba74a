"""Words that depend on numbers, each bound to a condition as a number is to a quantity.

Marks are HTML comments, which a reader does not see:

- `further <!-- if: E_o1 > E_o2, else: nearer --> from its target` binds the word before the mark.
- `is too high <!-- if: out_o1 > target_o1, then: is too high, else: is too low -->` binds as many
  words as `then` has; the text before the mark is one of the two.
- `The error falls. <!-- holds: E_total^+ < E_total -->` says when the sentence before it holds.
  Where it does not, `NOTE` stands between the two.
- `It rises and falls. <!-- words: reason -->` says why the words of a sentence need no condition.

A condition is written in the names of the page's formulas: see backprop/formulas/conditions.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from backprop.formulas.conditions import Condition, parse
from backprop.formulas.latex import LatexError
from backprop.pages.page import Comment, Edit, Item, Page
from backprop.pages.rendered import shown
from backprop.pages.seen import CLOSE, HOLE, OPEN

NOTE = "(Not so with these numbers.)"
BOUND = re.compile(
    r"if\s*:\s*(?P<condition>.+?)"
    r"(?:,\s*then\s*:\s*(?P<then>.+?))?(?:,\s*else\s*:\s*(?P<other>.+))?",
    re.DOTALL,
)
HOLDS = re.compile(r"holds\s*:\s*(?P<condition>.*)", re.DOTALL)
EXCUSED = re.compile(r"words\b\s*:?\s*[^:\s].*", re.DOTALL)  # with a reason
MARKS = (BOUND, HOLDS, EXCUSED)
LAST_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019-]*\w)?$")
AFTER = re.compile(r"[\s*_`>]*$")
NEAR = 500  # characters before a mark in which its words stand

RANKS = re.compile(
    r"""\b(?:
        (?<!once\s)(?<!little\s)more|less|fewer|larger|smaller|bigger|greater|higher|lower|stronger|weaker|steeper|flatter
        |better|worse|faster|slower|nearer|closer|further|farther|shorter|longer
        |most|least|largest|smallest|biggest|greatest|highest|lowest|strongest|weakest|steepest
        |best|worst|fastest|slowest|nearest|closest|furthest|farthest
        |(?:rise|fall|grow|shrink|drop|climb|increase|decrease|exceed)s?
        |(?:ris|fall|grow|shrink|dropp|climb|increas|decreas|exceed)ing
        |rose|risen|fell|fallen|grew|grown|shrank|shrunk|dropped|climbed|(?:in|de)creased|exceeded
        |twice|half|halves|halved|doubles?|doubled|(?:third|quarter|fifth|tenth|hundredth)s?
        |times\sas|both|neither|negative|positive|(?<!add\s)(?<!adds\s)(?<!added\s)up|down|upwards?|downwards?|above|below|opposite
        |too\s(?:high|low|large|small|much|little|far)|(?:comes?|wins?|learns?)\s(?:first|last)
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Words that compare, rank or give a direction."""

QUANTITY = re.compile(
    rf"""{OPEN}|\b(?:errors?|weights?|bias(?:es)?|outputs?|answers?|targets?|signals?|deltas?
        |derivatives?|gradients?|slopes?|net\sinputs?|activations?|rates?|steps?|curves?)\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""What a sentence about a quantity of the network has: a formula, or the word for it."""

STATED = re.compile(r"[.!:;,][\"')\]]*$")
# What may stand between two words of a sentence in the source
BETWEEN = r"(?:\W|\]\([^)]*\)|\{[^}\n]*\}|<!--.*?-->|<[^>]*>)*?"
HIDDEN = r"(?:\$[^$]+\$|`+[^`]+`+|[^\s$`].{0,400}?)"  # a formula or code
AFTERWARDS = re.compile(r"(?:\W|\]\([^)]*\)|<!--.*?-->)*?", re.DOTALL)
SENTENCE = re.compile(r"\S(?:[^.!?]|[.!?](?![\s\"')\]]|\Z))*(?:[.!?]+[\"')\]]*)?")


@dataclass(frozen=True)
class Words(Item):
    """Words bound to a condition; for a whole sentence, the note after it.

    Attributes:
        mark: the comment that binds them.
        text: the condition as it is written.
        phrases: the words if the condition holds, and if it does not.
        first: whether the page now has the first of these.
        sentence: whether the mark is about a whole sentence.
    """

    mark: Comment
    text: str
    phrases: tuple[str, str]
    first: bool
    sentence: bool = False

    @cached_property
    def condition(self) -> Condition:
        """The condition.

        Raises:
            LatexError: it is not understood, or says nothing of the page's numbers.
        """
        condition = parse(self.text)
        if not condition.names:
            raise LatexError("no name came, expected one of the page", 0)
        return condition

    @property
    def now(self) -> str:
        """The words that the page has now."""
        return self.phrases[not self.first]

    def written(self, *, first: bool) -> list[Edit]:
        """Return the edits that make the page say the first phrase or the other one."""
        if first == self.first:
            return []
        new = self.phrases[not first]
        text = f" {new}" if self.sentence and new else new
        edits = [Edit(self.part, self.start, self.end, text)]
        then, other = self.phrases
        if LAST_WORD.fullmatch(then):  # a mark after one word does not repeat it
            named = "" if first else f", then: {then}"
            said = f"<!-- if: {self.text}{named}, else: {other} -->"
            edits.append(Edit(self.part, self.mark.start, self.mark.end, said))
        return edits


class MarkError(ValueError):
    """A mark that does not make clear what it binds."""


def words_in(page: Page) -> Iterator[Words | tuple[Comment, MarkError]]:
    """Yield the bound words of a page in order, or a mark with what is wrong with it."""
    for comment in page.comments:
        try:
            if match := BOUND.fullmatch(comment.text):
                yield _bound(page, comment, match)
            elif match := HOLDS.fullmatch(comment.text):
                yield _held(page, comment, match)
        except MarkError as error:
            yield comment, error


def _before(page: Page, comment: Comment) -> tuple[str, int]:
    """Return the text before a mark in its paragraph, and where it ends."""
    text = page.parts[comment.part].text
    start = max(text.rfind("\n\n", 0, comment.start) + 1, comment.start - NEAR, 0)
    before = text[start : comment.start]
    end = AFTER.search(before).start()  # type: ignore[union-attr]  # maybe empty
    return before[:end], start + end


def _bound(page: Page, comment: Comment, match: re.Match[str]) -> Words:
    """Return the word or words before a mark.

    Raises:
        MarkError: there are none, or others than the mark says.
    """
    said, then, other = match["condition"], _line(match["then"]), _line(match["other"])
    before, end = _before(page, comment)
    if not other:
        raise MarkError("expected what to say if not, as in <!-- if: a < b, else: nearer -->")
    if then is None:
        word = LAST_WORD.search(before)
        if not word:
            raise MarkError("no word stands before this mark; write it right after the word")
        if word[0] == other:
            raise MarkError(f"{other!r} stands before this mark and after else, expected two words")
        start = end - len(word[0])
        now = (word[0], other)
        return Words(comment.part, start, end, comment, said, now, first=True)
    for k in sorted((0, 1), key=lambda k: -len((then, other)[k])):
        if found := _spelled((then, other)[k]).search(before):
            start = end - len(found[0])
            return Words(comment.part, start, end, comment, said, (then, other), first=not k)
    raise MarkError(f"expected {then!r} or {other!r} before this mark")


def _held(page: Page, comment: Comment, match: re.Match[str]) -> Words:
    """Return the note between a sentence and its mark; its place is empty where there is none."""
    before, end = _before(page, comment)
    found = re.search(rf"\s*{_spelled(NOTE).pattern}", before)
    start = end - len(found[0]) if found else end
    said = match["condition"].strip()
    if not before[: -len(found[0]) if found else None].strip():
        raise MarkError("no sentence stands before this mark; write it at the end of one")
    at = comment.part, start, end
    return Words(*at, comment, said, ("", NOTE), first=not found, sentence=True)


def _line(phrase: str | None) -> str | None:
    return phrase and " ".join(phrase.split())


def _spelled(phrase: str) -> re.Pattern[str]:
    """Return a pattern for a phrase at the end of a text, also over several lines of a quote."""
    return re.compile(r"(?<!\w)" + r"[\s>]+".join(map(re.escape, phrase.split())) + "$")


# What is not bound


def unbound(page: Page) -> Iterator[tuple[int, int, int, str]]:
    """Yield the sentences that compare quantities and are neither bound nor excused.

    Questions and titles, which have no stop, state nothing. On a page whose numbers do not change,
    nothing needs a condition.

    Yields:
        The part, the start and the end of a sentence, and the sentence.
    """
    if not page.front.get("backprop") or page.front.get("live") is False:
        return
    for number, part in enumerate(page.parts):
        start = 0 if number else page.front_end
        comments = (each for each in page.comments if each.part == number)
        marks = [each for each in comments if any(kind.fullmatch(each.text) for kind in MARKS)]
        texts = shown(part.text, start, page.dialect).seen if part.kind == "markdown" else []
        for seen, _ in texts:
            for match in SENTENCE.finditer(seen.text):
                said, ranks = match[0], RANKS.search(match[0])
                if not ranks or not QUANTITY.search(said) or not STATED.search(said):
                    continue
                found = _found(said, part.text, start)
                if found is None or not any(_goes_with(each, found, part.text) for each in marks):
                    line = re.sub(f"[{OPEN}{HOLE}{CLOSE}]+", "...", " ".join(said.split()))
                    yield number, *(found or (start, start)), line
                start = found[1] if found else start


def _found(sentence: str, text: str, start: int) -> tuple[int, int] | None:
    """Return the place of a sentence in the source, after a place if possible."""
    pieces = re.findall(rf"[{OPEN}{HOLE}{CLOSE}]+|\w+", sentence)
    spelled = BETWEEN.join(HIDDEN if piece[0] in f"{OPEN}{HOLE}" else piece for piece in pieces)
    pattern = re.compile(spelled, re.DOTALL)
    found = pattern.search(text, start) or pattern.search(text)
    return found and found.span()


def _goes_with(mark: Comment, sentence: tuple[int, int], text: str) -> bool:
    """Tell whether a mark is in a sentence, or directly after it."""
    first, last = sentence
    after = text[last : mark.start] if mark.start > last else ""
    return mark.start > first and bool(AFTERWARDS.fullmatch(after))
