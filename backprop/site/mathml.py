"""Turn LaTeX into MathML while a page is rendered, and refuse what would come out wrong.

latex2mathml seldom fails: it prints a command that it does not know, or drops what it cannot
place. Every formula is therefore looked over, before and after, for what a reader would miss.
"""

import html
import re
from collections import Counter
from copy import deepcopy
from functools import cache
from unicodedata import category
from xml.etree import ElementTree as ET

from latex2mathml.commands import LOCAL_FONTS, MATH_NON_FONT_COMMANDS, MATRICES
from latex2mathml.converter import convert_to_element
from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from backprop.site.findings import report
from backprop.site.mathfont import covers
from backprop.site.slots import Slots

ENVIRONMENTS = {"equation", "equation*", *(name.removeprefix("\\") for name in MATRICES)}
MATH_COMMANDS = {*LOCAL_FONTS, *MATH_NON_FONT_COMMANDS}
# How many parts an element must have; latex2mathml writes others when an argument is missing or
# a script follows a matrix.
PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3,
         "munderover": 3}  # fmt: skip
# LaTeX that latex2mathml reads differently from LaTeX, with the message for it.
MISTAKEN = (
    (r"(?<!\\)%", "% starts a comment; write \\%"),
    (r"\\(?:text[a-z]*|mbox|hbox)\s*\{[^}]*[{$]", "braces or $ inside \\text{...}"),
    (r"\\\\\s*\[", "a length after \\\\, such as \\\\[4pt], is not supported"),
    (r"\\tag", "\\tag: no equation of the site has a number"),
)
FITS = 28  # letters, a width that fits every screen
SIGNS = ("+", "\u2212", "\u00b1")
DESCENDERS = frozenset("fgjpqy\u03b2\u03b3\u03b6\u03b7\u03bc\u03be\u03c1\u03c6\u03c7\u03c8")
PRIMES = ("\u2032", "\u2033")
CLOSERS = (")", "]", "}", "|", "!", "\u22a4", *PRIMES)
BARS = ("|", "\u2016", "\u2223", "\u2225")  # the same sign opens and closes
OPENING_MARKS, CLOSING_MARKS = "([\"'\u2018\u201c", ".,;:!?)]\"'\u2019\u201d\u2026-"
TIMES = ("\u00d7", "\u00b7")
ROWS = ("math", "mrow", "mtd", "msqrt", "mstyle", "mpadded")
SCRIPTED = ("msub", "msup", "msubsup")


@cache  # while serving, most formulas are those of the build before
def to_mathml(latex: str, display: str) -> ET.Element:
    """Return the MathML of a formula; a ValueError says in one line why there is none."""
    latex = latex.strip()
    check_source(latex)
    # Equations are not numbered on this site.
    source = re.sub(r"\\(begin|end)\{align\}", r"\\\1{align*}", latex)
    # A lone upright letter would lose its font, and browsers set a lone letter in italics.
    source = re.sub(r"\\mathrm\{([A-Za-z])\}", r"\\mathrm{{\1}}", source)
    try:
        math = convert_to_element(source, display=display)
    except Exception as error:  # latex2mathml lets its own and Python's exceptions through
        reason = " ".join(re.findall("[A-Z][a-z]*", type(error).__name__)).removesuffix(" Error")
        raise ValueError(f"not convertible ({reason.lower()})") from error
    del math.attrib["xmlns"]  # an HTML page needs none
    for element in math.iter():
        element.text = element.text and html.unescape(element.text)  # it writes signs as &#x002B;
    check_result(latex, math)
    tidy(math)
    return math


def check_source(latex: str) -> None:
    """Refuse LaTeX that the converter would silently take for something else."""
    if not latex:
        raise ValueError("an empty formula")
    for pattern, message in MISTAKEN:
        if re.search(pattern, latex):
            raise ValueError(message)
    braces = re.sub(r"\\.|[^{}]", "", latex, flags=re.DOTALL)  # an escaped one is only a sign
    while "{}" in braces:
        braces = braces.replace("{}", "")
    if braces:
        raise ValueError("a brace { or } without its partner")
    for name in re.findall(r"\\(?:begin|end)\s*\{([^}]*)\}", latex):
        if name not in ENVIRONMENTS:
            raise ValueError(f"unknown environment {name!r}; align, align* and split are known")
    for command in re.findall(r"\\math[a-z]+", latex):
        if command not in MATH_COMMANDS:
            raise ValueError(f"unknown command {command}")


def check_result(latex: str, math: ET.Element) -> None:
    """Refuse MathML that does not show what the LaTeX says."""
    for element in math.iter():
        if fault := fault_of(element):
            raise ValueError(fault)
    if sum(element.text == "&" for element in math.iter()) > latex.count("\\&"):
        raise ValueError("& outside align, split or a matrix")
    foreign = sorted({sign for text in math.itertext() for sign in text if not covers(sign)})
    if foreign:
        raise ValueError(f"{foreign[0]!r} is not in the math font (backprop/site/assets/site.css)")
    lost = digits(latex) - digits("".join(math.itertext()))
    if lost:
        raise ValueError(f"digits are lost in conversion: {' '.join(sorted(lost.elements()))}")


def fault_of(element: ET.Element) -> str:
    """Return what is wrong with one element; empty if nothing is."""
    text = element.text or ""
    if "\\" in text:
        return f"unknown command {text}"
    if element.get("linebreak"):
        return "\\\\ outside align, split or a matrix"
    if element.tag == "mn" and not re.fullmatch(r"[\d.]+", text):
        return f"{text!r} reads as a length; put {{}} between number and letters"
    if len(element) != PARTS.get(element.tag, len(element)):
        return "a missing argument, or ^ or _ after a matrix that is not in { }"
    if element.tag == "menclose" or element.get("mathvariant", "normal") != "normal":
        return "a command that browsers do not draw (\\mathbf for bold works)"
    return ""


def digits(text: str) -> Counter[str]:
    r"""Return how often each digit occurs, except in lengths such as \hspace{1em}."""
    return Counter(re.findall(r"\d", re.sub(r"\\[hm]?(?:space|skip|kern)\s*\{[^}]*\}", "", text)))


def tidy(math: ET.Element) -> None:
    """Convert the MathML 3 of latex2mathml to MathML Core, which browsers support."""
    for element in list(math.iter()):
        if element.get("width") == "negativethinmathspace":
            element.set("width", "-0.1667em")
        if element.text == "^" and element.tag == "mo":
            element.text = "\u0302"  # the hat of the font instead of the circumflex of the keyboard
        part(element)
        if is_function(element):
            element.tag = "mi"  # a named function, which has less space around it than an operator
        if element.attrib.pop("columnspacing", "").startswith("0em"):
            del element.attrib["rowspacing"]  # which only Firefox applies
            element.set("class", "aligned")
        mark_signs(element)
        merge_upright(element)
        level_index(element)
        lower_prime(element)
    for element in list(math.iter()):
        if element.tag in ROWS:
            group_fences(element)
    for row in math:
        unwrap(row)


def unwrap(element: ET.Element) -> None:
    """Remove each inner row of a single name or number, of which a page may have thousands."""
    for k, child in enumerate(element):
        unwrap(child)
        lone = child.tag == "mrow" and not child.attrib and len(child) == 1
        # A sign would have other spaces outside of its row.
        if lone and child[0].tag in ("mi", "mn", "msub", "mrow"):
            element[k] = child[0]


def mark_signs(row: ET.Element) -> None:
    """Set the spaces of signs: none after the minus in `= -x`, and those of a plus around times."""
    for before, child in zip(row, list(row)[1:], strict=False):
        after_operator = before.tag == "mo" and before.text not in CLOSERS
        if after_operator and child.tag == "mo" and child.text in SIGNS:
            child.set("form", "prefix")
        if child.tag == "mo" and child.text == "\u2299":
            child.set("largeop", "false")  # which Firefox makes it in a display
        if child.tag == "mo" and child.text in TIMES:
            child.attrib.update(lspace=".2em", rspace=".2em")  # about as wide as those of a plus


def merge_upright(row: ET.Element) -> None:
    r"""Join the upright letters of \mathrm{net} to one word, which is no product of n, e and t."""
    previous = None
    for child in list(row):
        upright = child.tag == "mi" and child.get("mathvariant") == "normal"
        if upright and previous is not None:
            previous.text = (previous.text or "") + (child.text or "")
            row.remove(child)
        else:
            previous = child if upright else None
    if row.tag == "mrow":
        for child in row:
            if child.tag == "mi" and len(child.text or "") > 1:
                child.attrib.pop("mathvariant", None)  # a word is upright by default


def level_index(scripted: ET.Element) -> None:
    """Set the index of a y as high as that of an x, and scripts beside an accent as without it."""
    if scripted.tag in SCRIPTED:
        base = scripted[0]
        name = "".join(base.itertext())
        has_foot = name.isalpha() and DESCENDERS & {*name}
        padding = {}
        if scripted.tag != "msup" and (base.tag == "mover" or has_foot):
            padding["depth"] = "0px"  # an index hangs from the depth
        if scripted.tag != "msub" and base.tag == "mover":
            padding["height"] = "0.68em"  # an exponent stands on the height: that of an E
        if padding:
            padded = ET.Element("mpadded", padding)
            padded.append(base)
            scripted[0] = padded


def lower_prime(element: ET.Element) -> None:
    """Write a prime beside its letter: the font has it raised already."""
    if element.tag == "msup" and element[1].text in PRIMES:
        element.tag = "mrow"
        element[1].tag = "mo"
        element[1].attrib.update(form="postfix", lspace="0", rspace="0")


def group_fences(row: ET.Element) -> None:
    """Put each pair of fences, and what stands between them, into an <mrow> of its own.

    Firefox and WebKit stretch a fence to the height of its neighbors in an <mrow> only.
    """
    parts: list[ET.Element] = []
    opened: list[tuple[int, str]] = []  # the place in `parts` and the kind of each open fence
    for child in row:
        parts.append(child)
        kind = fence(child)
        if kind in BARS:
            place = opened[-1][0] if opened and opened[-1][1] == kind else None
        else:
            place = max((at for at, other in opened if (other, kind) == ("(", ")")), default=None)
        if place is not None:
            parts[place:] = [grouped(parts[place:])]
            opened = [(at, other) for at, other in opened if at < place]  # P(a|b) has no pair
        elif kind and kind != ")":
            opened.append((len(parts) - 1, kind))
    spans_row = row.tag == "mrow" and [part.tag for part in parts] == ["mrow"] and len(row) > 1
    row[:] = list(parts[0]) if spans_row else parts


def grouped(parts: list[ET.Element]) -> ET.Element:
    """Return an <mrow> of the parts, with the script of the last one, as in (a + b)^2, outside."""
    group, last = ET.Element("mrow"), parts[-1]
    if last.tag not in SCRIPTED:
        group.extend(parts)
        return group
    group.extend([*parts[:-1], last[0]])
    last[0] = group
    return last


def part(row: ET.Element) -> None:
    """Put a thin space between two groups in brackets, and between a named function and a name."""
    for k in range(len(row) - 1, 0, -1) if row.tag in ROWS else ():
        if is_parted(outermost(row[k - 1], -1), outermost(row[k], 0)):
            row.insert(k, ET.Element("mspace", width=".17em"))


def is_parted(left: ET.Element, right: ET.Element) -> bool:
    """Whether two neighbors need a space that browsers do not put there, as around operators."""
    if fence(left) == ")" and fence(right) == "(":
        return True
    signs = [each for each in (left, right) if each.tag == "mo" and not is_function(each)]
    closed = signs == [left] and left.text in CLOSERS
    return (is_function(left) or is_function(right)) and (not signs or closed)


def is_function(element: ET.Element) -> bool:
    """Whether an element is a named function, such as ln, as latex2mathml writes it.

    It writes the letters of a name of our own, such as net, one by one.
    """
    text = element.text or ""
    return element.tag in ("mi", "mo") and len(text) > 1 and text.isalpha()


def outermost(element: ET.Element, end: int) -> ET.Element:
    """Return the first (0) or last (-1) sign of a row, past the scripts of a group."""
    while len(element) and element.tag in ("mrow", *SCRIPTED):
        element = element[end if element.tag == "mrow" else 0]
    return element


def fence(element: ET.Element) -> str:
    """Return "(" for an element that opens a group, ")" for one that closes it, "|" for a bar."""
    if element.tag in SCRIPTED:  # what closes may have an exponent
        return fence(element[0]).replace("(", "")
    text = element.text or ""
    if element.tag != "mo":
        return ""
    if element.get("fence") == "true":  # of \left, \right or \middle
        return {"prefix": "(", "postfix": ")"}.get(element.get("form", ""), "")
    if text in BARS:
        return text
    return {"Ps": "(", "Pe": ")"}.get(category(text), "") if len(text) == 1 else ""


def width(element: ET.Element) -> float:
    """Return about how many letters wide a formula is."""
    inner = [width(child) for child in element]
    if element.tag in ("mfrac", "mtable", "munder", "mover", "munderover"):
        return max(inner, default=0) + 1
    if element.tag in ("msub", "msup", "msubsup"):
        return inner[0] + 0.7 * max(inner[1:])
    # An operator has a space on both sides.
    return len(element.text or "") + (element.tag == "mo") + sum(inner)


class MathProcessor(Treeprocessor):
    """Replace what arithmatex marked by MathML, and report a formula that was never closed."""

    page: Page | None = None

    def run(self, root: ET.Element) -> None:
        """Walk the page's tree."""
        self.slots = Slots(self.page.meta.get("bound") if self.page else None, to_mathml)
        for element in root.iter():
            if element.tag in ("pre", "code", "script", "style"):
                continue
            if "arithmatex" in element.get("class", "").split():
                self.replace(element)
            else:
                self.look_for_unclosed(element.text)
            for child in element:
                self.look_for_unclosed(child.tail)
        for parent in root.iter():
            hold_marks(parent)
        for latex in self.slots.missed:
            self.report(f"formula {shorten(latex)}: its numbers are bound, and not shown", latex)

    def replace(self, element: ET.Element) -> None:
        """Put the MathML of an arithmatex element into it."""
        display = "block" if element.tag == "div" else "inline"
        # arithmatex escapes the text of a block, and not that of a formula in a line.
        text = html.unescape(element.text or "") if display == "block" else element.text or ""
        latex = text.strip()[2:-2]
        try:
            math = self.slots.filled(latex, display) or deepcopy(to_mathml(latex, display))
        except ValueError as error:
            self.report(f"formula {shorten(latex)}: {error}", latex)
            return
        element.text = None
        element.append(math)
        element.set("class", "math")
        if width(math) > FITS:
            # It scrolls by itself on a narrow screen; a keyboard must be able to get there.
            element.attrib.update({"tabindex": "0", "role": "group", "aria-label": "Equation"})

    def look_for_unclosed(self, text: str | None) -> None:
        """Report a delimiter that is still there as text: it has no partner."""
        # What an author escaped is a number between two control characters by now: \$ is meant,
        # while \( and \[ (40 and 91) are formulas for which arithmatex found no end.
        if text and (left := re.search(r"\$+|\x02(40|91)\x03|\\begin\{", text)):
            opener = "\\" + chr(int(left[1])) if left[1] else left[0]
            here = opener + text[left.end() : left.end() + 60].partition("\x02")[0]
            self.report(f"{opener} opens or closes a formula without its partner", here)

    def report(self, message: str, snippet: str) -> None:
        """Report a fault of the page that is being rendered."""
        if self.page is None:
            raise ValueError(message)
        report(self.page, message, snippet)


def hold_marks(parent: ET.Element) -> None:
    """Put the marks that touch a formula in a line into its element, which has no line break.

    Browsers break a line before and after a formula, whatever stands there.
    """
    for k, child in enumerate(parent):
        if child.tag == "span" and child.get("class") == "math":
            before, place = (parent[k - 1], "tail") if k else (parent, "text")
            text = getattr(before, place) or ""
            kept = text.rstrip(OPENING_MARKS)
            setattr(before, place, kept)
            child.text = text[len(kept) :]
            rest = (child.tail or "").lstrip(CLOSING_MARKS)
            child[-1].tail = (child.tail or "").removesuffix(rest)
            child.tail = rest


def shorten(latex: str) -> str:
    """Return the formula on one line, short enough for a terminal."""
    line = " ".join(latex.split())
    return line if len(line) <= 60 else line[:57] + "..."


class MathExtension(Extension):
    """The Markdown extension that makes MathML of arithmatex's generic output."""

    page: Page | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Run after inline patterns (20) and before headings are collected (5)."""
        processor = MathProcessor(md)
        processor.page = self.page
        md.treeprocessors.register(processor, "mathml", 12)


extension = MathExtension()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the extension to the site's own."""
    # MkDocs lists names here; Markdown, which gets the list, takes instances as well.
    config.markdown_extensions.append(extension)  # type: ignore[arg-type]
    return config


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Tell the extension which page is rendered next."""
    extension.page = page
    return markdown
