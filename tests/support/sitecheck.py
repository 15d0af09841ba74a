"""What must hold of a built site's files, whatever made them."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

# Attributes by which an element asks for a file, on its own or when the reader follows it.
REFERENCES = {
    "a": ("href",),
    "link": ("href",),
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "input": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
# A <link> with one of these only names another page; with any other, the browser may load it.
NAMING = {"alternate", "author", "bookmark", "canonical", "edit", "help", "license", "next", "prev"}
CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


@cache
def soup(path: Path) -> BeautifulSoup:
    """The parsed page."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def pages(site: Path) -> list[Path]:
    """Every page of the site."""
    return sorted(site.rglob("*.html"))


# Of the pages that code makes alike, one for each kind, by the folder that they are in. What stands
# on another one stands on one of these, as a test of the look-up says.
SAMPLES = {"every-weight": ("notes-b1", "notes-b1-2")}


def kinds(site: Path) -> list[Path]:
    """Every page that people wrote, and a page of each kind of those that code makes."""

    def wanted(page: Path) -> bool:
        folder, _, name = page.parent.relative_to(site).as_posix().rpartition("/")
        return folder not in SAMPLES or name in SAMPLES[folder]

    return [page for page in pages(site) if wanted(page)]


def references(page: Path) -> Iterator[tuple[Tag, str]]:
    """Each element of a page that refers to a file, with the address."""
    for tag, attributes in REFERENCES.items():
        for element in soup(page).find_all(tag):
            for attribute in attributes:
                value = str(element.get(attribute) or "")
                for part in value.split(",") if attribute == "srcset" else [value]:
                    if part.strip():
                        yield element, part.split()[0]


def css_urls(text: str) -> list[str]:
    """The addresses that a style sheet asks for."""
    return [first or second for first, second in CSS_URL.findall(text)]


def styles(site: Path) -> Iterator[tuple[Path, str]]:
    """All CSS of a site with the file that holds it: sheets, <style> elements, style attributes."""
    for sheet in sorted(site.rglob("*.css")):
        yield sheet, sheet.read_text(encoding="utf-8")
    for page in pages(site):
        for element in soup(page).find_all("style"):
            yield page, element.get_text()
        for element in soup(page).find_all(style=True):
            yield page, str(element["style"])


def is_elsewhere(address: str) -> bool:
    """Whether the address leads to another host."""
    return bool(urlsplit(address.strip()).netloc)


def base_path() -> str:
    """The path at which the site is going to be published, `/` or such as `/book/`."""
    return urlsplit(os.environ.get("SITE_URL", "")).path or "/"


def target(site: Path, page: Path, address: str) -> Path:
    """The file that an address on a page stands for."""
    path = unquote(urlsplit(address).path)
    if not path:
        return page
    root = base_path()
    file = site / path.removeprefix(root) if path.startswith(root) else page.parent / path
    return (file / "index.html" if path.endswith(("/", ".")) or file.is_dir() else file).resolve()


def broken_links(site: Path) -> list[str]:
    """Each reference within the site to a file or an anchor that is not there."""
    site = site.resolve()
    broken = []
    for page in pages(site):
        for _, address in references(page):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            file = target(site, page, address)
            anchor = unquote(parts.fragment)
            if not file.is_relative_to(site) or not file.is_file():
                broken.append(f"{page.relative_to(site)}: {address} is not there")
            elif anchor and file.suffix == ".html" and anchor not in anchors(file):
                broken.append(f"{page.relative_to(site)}: {address} has no such anchor")
    for file, css in styles(site):
        for address in css_urls(css):
            parts = urlsplit(address)
            if (
                not (parts.scheme or parts.netloc or address.startswith("#"))
                and not target(site, file, address).is_file()
            ):
                broken.append(f"{file.relative_to(site)}: {address} is not there")
    return broken


@cache
def anchors(page: Path) -> set[str]:
    """The places of a page that a link can lead to."""
    named = soup(page).find_all("a", attrs={"name": True})
    identified = soup(page).find_all(id=True)
    return {str(element["name"]) for element in named} | {
        str(element["id"]) for element in identified
    }


def foreign_requests(site: Path) -> list[str]:
    """Each file that a browser would load from another host to show a page.

    Scripts are not run here: what they might load has to be watched in a browser.
    """
    foreign = []
    for page in pages(site):
        for element, address in references(page):
            names_only = element.name == "a" or (
                element.name == "link" and set(element.get_attribute_list("rel")) <= NAMING
            )
            if is_elsewhere(address) and not names_only:
                foreign.append(f"{page.relative_to(site)}: <{element.name}> loads {address}")
    foreign += [
        f"{file.relative_to(site)}: the style loads {address}"
        for file, css in styles(site)
        for address in css_urls(css)
        if is_elsewhere(address)
    ]
    return foreign
