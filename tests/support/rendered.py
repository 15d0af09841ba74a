"""What the site makes of a page: the judge of the reader."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path

from markdown import Markdown
from mkdocs.config import load_config

from backprop.pages.seen import FIGURES, NUMBER, VISIBLE

ROOT = Path(__file__).parents[2]
SITE = load_config(str(ROOT / "mkdocs.yml"))
FLOWING = {"a", "abbr", "b", "em", "i", "label", "small", "span", "strong", "sub", "sup", "u"}
CODE = {"script", "style", "pre", "code", "textarea"}
SHOWN = ("alt", "title", "aria-label")
OWN = {"headerlink", "footnote-backref"}  # the site's own links have titles


class Rendered(HTMLParser):
    """The formulas and the decimals of a page that has been rendered."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.math: list[str] = []
        self._text: list[str] = []
        self._asides: list[str] = []
        self._code = ""
        self._hidden: list[str] = []
        site = Markdown(extensions=SITE.markdown_extensions, extension_configs=SITE.mdx_configs)
        self.feed(site.convert(markdown))
        self.close()

    @property
    def numbers(self) -> list[str]:
        """The decimals that a reader sees."""
        text = "".join([*self._text, "\n", *self._asides])
        return [match[0] for match in NUMBER.finditer("".join(VISIBLE.findall(text)))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        classes = (attributes.get("class") or "").split()
        for name in SHOWN:
            if not self._hidden and not OWN & set(classes):
                # Math in an attribute is its LaTeX between brackets.
                shown = attributes.get(name) or ""
                self.math += map(plain, re.findall(r"\\\((.*?)\\\)", shown))
                self._asides.append("\n" + re.sub(r"\\\((.*?)\\\)", "\n", shown) + "\n")
        if "arithmatex" in classes:
            self.math.append("")
            self._hidden.append(f"{tag} math")
        elif tag in CODE or (self._hidden and self._hidden[-1] == tag):
            self._hidden.append(tag)
        if tag not in FLOWING or self._hidden:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and self._hidden[-1] in (tag, f"{tag} math"):
            if self._hidden == ["code"] and re.fullmatch(FIGURES, self._code):
                self._text.append(self._code + "\n")
            self._code = ""
            if self._hidden.pop() != tag:
                self.math[-1] = plain(self.math[-1].strip()[2:-2])
        elif tag not in FLOWING:
            self._text.append("\n")

    def handle_data(self, data: str) -> None:
        if self._hidden and self._hidden[-1].endswith("math"):
            self.math[-1] += data
        elif self._hidden == ["code"]:
            self._code += data
        elif not self._hidden:
            self._text.append(re.sub(r"https?://\S+", "\n", data))


def plain(latex: str) -> str:
    """Take escapes and differences in white space out of a formula."""
    return " ".join(html.unescape(html.unescape(latex)).split())
