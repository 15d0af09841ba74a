"""Turn a page's Markdown into Markdown that Jupyter can show.

Admonitions, folded parts and tabs become quotes with a title, pictures become attachments, links
become absolute or plain text. Outputs are left out, since a notebook makes its own, and so is what
only the site understands. A block of Python moves out of its box, so that it can become a cell.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from textwrap import dedent
from typing import NamedTuple

FENCE = re.compile(r"(?P<indent>\s*)(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
BOX = re.compile(r'(?:!!!|\?\?\?\+?|===[+!]*) *(?P<kind>[\w -]*?) *(?:"(?P<title>.*)")?\s*$')
ELEMENT = re.compile(
    r"<(?P<tag>article|aside|div|dl|figure|fieldset|form|iframe|nav|noscript|script|section|style|svg"
    r"|template|video|details)\b(?P<attributes>[^>]*)>"
)
DOLLARS = re.compile(r"\s*\$\$")
CAPTION = re.compile(r"<figcaption\b[^>]*>(.*?)</figcaption>", re.DOTALL)
INLINE = re.compile(
    r"""(?P<code>(?P<ticks>(?<!`)`+(?!`)).+?(?<!`)(?P=ticks)(?!`))
    |(?P<math>\$\$.+?\$\$|\$(?!\s)(?:\\.|[^$\\])+?(?<!\s)\$)
    |(?P<comment>[ ]?<!--.*?-->)
    |!\[(?P<alt>[^\]]*)\]\((?P<source>[^()\s]+)(?:\s+"[^"]*")?\)
    |(?<!\\)\[(?P<text>(?:[^\[\]`]|`[^`]*`)+)\]\((?P<target>[^()\s]+)(?:\s+"[^"]*")?\)
    |(?P<gone>[ ]?\{:?[ ]*[.#][^{}\n]*\}|<wbr>|^\*\[[^\]\n]+\]:[^\n]*\n?)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


class Block(NamedTuple):
    """A piece of a page.

    Attributes:
        kind: `text`, `math` (a formula on lines of its own), or `python`.
        text: its Markdown or code.
        optional: whether it needs a library that may be missing.
    """

    kind: str
    text: str
    optional: bool = False


@dataclass(frozen=True)
class Site:
    """What a page refers to.

    Attributes:
        address: returns the absolute address of a link's target, empty if it has none.
        picture: returns the content of a picture's file by its path, empty if there is none.
        drawing: returns the SVG of a figure of the package, by figure and example, or "".
    """

    address: Callable[[str], str]
    picture: Callable[[str], bytes]
    drawing: Callable[[str, str], str]


@dataclass
class Converter:
    """Converts one page.

    Attributes:
        site: what the page refers to.
        pictures: the content of its pictures, by their names in the text.
    """

    site: Site
    pictures: dict[str, bytes] = field(default_factory=dict)

    def convert(self, markdown: str) -> str:
        """Return a page, given without its front matter, as Markdown for Jupyter."""
        return "\n\n".join(map(alone, self.blocks(markdown.split("\n")))) + "\n"

    def blocks(self, lines: list[str]) -> Iterator[Block]:
        """Divide a page, or the content of a box, into blocks."""
        at, text = 0, list[str]()
        mark = ""  # the directives before the next block of code
        while at < len(lines):
            line = lines[at]
            end, new, kept = at + 1, list[Block](), list[str]()
            if fence := FENCE.match(line):
                last = rf"\s*{fence['fence'][0]}{{{len(fence['fence'])},}}\s*$"
                end = until(lines, at + 1, last)
                output, optional = "expected-output" in mark, "importorskip" in mark
                block = fenced(lines[at:end], fence)._replace(optional=optional)
                new, mark = ([] if output else [block]), ""
            elif line.lstrip().startswith("<!--"):
                end = until(lines, at, ".*-->")
                comment, _, rest = "\n".join(lines[at:end]).partition("-->")
                mark += comment if "pytest-codeblocks:" in comment else ""
                new = [part for part in self.blocks(comment.split("\n")[1:]) if is_python(part)]
                kept = [rest] if rest.strip() else []
            elif box := BOX.fullmatch(line):
                end = indented(lines, at + 1)
                inside = self.blocks(dedent("\n".join(lines[at + 1 : end])).split("\n"))
                kind = box["kind"].partition(" ")[0].capitalize()
                title = kind if box["title"] is None else self.inline(box["title"])
                new = list(quoted(title, inside))
            elif element := ELEMENT.match(line):
                end = closed(lines, at, element["tag"])
                new = list(self.element("\n".join(lines[at:end]), element))
            elif DOLLARS.match(line) and line.count("$$") == 1:
                end = until(lines, at + 1, r".*\$\$")
                new = [formula(lines[at:end])]
            else:
                kept = [line]
            at = end
            if kept:
                text += kept
            else:
                yield from self.text(text)
                yield from new
                text = []
        yield from self.text(text)

    def text(self, lines: Iterable[str]) -> Iterator[Block]:
        """Yield running text, if there is any."""
        if text := self.inline("\n".join(lines)).strip("\n"):
            yield Block("text", text)

    def element(self, html: str, opening: re.Match[str]) -> Iterator[Block]:
        """Yield a drawing and its caption, or the Markdown in an element; drop all other HTML."""
        figure = dict(re.findall(r'data-(figure|example)="([^"]*)"', opening["attributes"]))
        if "figure" in figure:
            svg = self.site.drawing(figure["figure"], figure.get("example", ""))
            words = re.search(r"<title[^>]*>(.*?)</title>", svg)
            name = f"{figure['figure']}-{len(self.pictures) + 1}.svg"
            if shown := self.attached(words[1] if words else "", name, svg.encode()):
                yield Block("text", shown)
            if caption := CAPTION.search(html):
                yield from self.text([" ".join(caption[1].split())])
        elif re.search(r"\bmarkdown\b", opening["attributes"]):
            inside = html[opening.end() :].rpartition("</")[0]
            yield from self.blocks(dedent(inside).split("\n"))

    def inline(self, text: str) -> str:
        """Return text without what only the site understands."""
        return INLINE.sub(self.portable, text)

    def portable(self, part: re.Match[str]) -> str:
        """Return one link, picture, comment or the like in a form that Jupyter understands."""
        source = part["source"]
        if part["code"] or part["math"] or (source and "://" in source):
            return part[0]
        if source:
            name = f"{len(self.pictures) + 1}-{source.rpartition('/')[2]}"
            return self.attached(part["alt"], name, self.site.picture(source))
        if part["text"]:
            text, address = self.inline(part["text"]), self.site.address(part["target"])
            return f"[{text}]({address})" if address else text
        return ""

    def attached(self, words: str, name: str, picture: bytes) -> str:
        """Keep a picture; return the Markdown that shows it, or its words where there is none."""
        if not picture:
            return words
        self.pictures[name] = picture
        return f"![{words}](attachment:{name})"


def fenced(lines: list[str], fence: re.Match[str]) -> Block:
    """Return a block of code; only Python is more than text."""
    _, *code, _ = dedent("\n".join(lines)).split("\n")
    if fence["info"].strip() == "python":
        return Block("python", "\n".join(code))
    # Between backticks, jupytext would make cells of some languages.
    tildes = max((len(run) for run in re.findall("~{3,}", "\n".join(code))), default=2) + 1
    return Block("text", "\n".join(["~" * tildes + fence["info"].strip(), *code, "~" * tildes]))


def until(lines: list[str], at: int, last: str) -> int:
    """Return the line after the first one from here on that begins as a pattern says."""
    return next((k + 1 for k in range(at, len(lines)) if re.match(last, lines[k])), len(lines))


def indented(lines: list[str], at: int) -> int:
    """Return the first line from here on that is not indented, where the box ends."""
    inside = (k for k in range(at, len(lines)) if lines[k].strip() and lines[k][:4].strip())
    return next(inside, len(lines))


def closed(lines: list[str], at: int, tag: str) -> int:
    """Return the line after an HTML element, which may contain elements of the same kind."""
    depth = 0
    for k in range(at, len(lines)):
        depth += len(re.findall(rf"<{tag}\b", lines[k])) - lines[k].count(f"</{tag}>")
        if depth <= 0:
            return k + 1
    return len(lines)


def formula(lines: list[str]) -> Block:
    """Return a formula with `aligned` for `align`, which is an error within dollars in Jupyter."""
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    latex = re.sub(r"\{(align|gather)(?:ed)?\*?\}", r"{\1ed}", dedent("\n".join(lines)))
    if indent:  # it belongs to an item of a list
        return Block("text", indent + " ".join(latex.split()))
    return Block("math", latex.strip())


def quoted(title: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield a quote with a title, divided where it has a block of Python."""
    lines = [f"**{title}**"] if title else []
    for block in blocks:
        if is_python(block):
            yield from quote(lines)
            yield block
            lines = []
        else:
            # In a quote, Jupyter would take the > of the next line for a part of the formula.
            text = " ".join(block.text.split()) if block.kind == "math" else block.text
            lines += [*([""] if lines else []), *text.split("\n")]
    yield from quote(lines)


def quote(lines: Iterable[str]) -> Iterator[Block]:
    """Yield lines as a quote, if there are any."""
    if text := "\n".join(f"> {line}".rstrip() for line in lines):
        yield Block("text", text)


def is_python(block: Block) -> bool:
    """Return whether a block becomes a cell."""
    return block.kind == "python"


def alone(block: Block) -> str:
    """Return the Markdown of a block."""
    if not is_python(block):
        return block.text
    # With this tag, Jupyter continues after a cell that fails.
    tags = ' tags=["raises-exception"]' if block.optional else ""
    return f"```python{tags}\n{block.text}\n```"
