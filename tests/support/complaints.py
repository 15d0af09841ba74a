"""What the reader says of a page that it cannot read, or that is not laid out as it was meant."""

from backprop.formulas.kinds import Kind
from backprop.pages.page import Page, ReadError
from backprop.pages.reader import read_text


def complaint_of(text: str, name: str = "page.md") -> str:
    """Return the first complaint with its place, empty where there is none."""
    try:
        page = read_text(text, name)
    except ReadError as error:
        return str(error)
    return next(iter(faults_of(page)), "")


def faults_of(page: Page) -> list[str]:
    """Return what is wrong with the layout of a page, each with its place."""
    return [
        f"{page.path}:{page.place(each.part, each.start)}: {each.message}"
        for each in page.faults
        if each.kind is not Kind.NOT_READ
    ]
