"""Put an element around each word of a page that a script may change, and around each sentence.

A sentence that is true only for some givens gets an element, and another one behind it for the note
that it does not hold. A sentence with a note is grey.
"""

import html
import re
from collections import deque
from collections.abc import Iterable

from mkdocs.structure.pages import Page

from backprop.site.findings import report

COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
BLOCK = re.compile(r"<(?:p|li|td|th|h[1-6]|div|summary|figcaption|dd|dt|blockquote)\b[^>]*>")
TOKEN = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL)
ENDED = re.compile(r"[.!?][\"')\]\u2019\u201d]*$")
STOPS = tuple(".,:;!?)")
CLOSING = r"((?:\s|</\w+>)*)$"
NOTED = re.compile(r'</span><span data-words="\d+">[^<]*</span>')
VOID = ("<br", "<img", "<wbr", "<input", "<!")


def on_page_content(content: str, page: Page, **_: object) -> str:
    """Return the page with an element around all words that are bound."""
    live = page.meta.get("bound")
    if not live or not live.get("marks"):
        return content
    done, missed = marked(content, live["marks"])
    for text in missed:
        report(page, f"<!-- {text} -->: its words are bound, and not shown before it", text)
    return done


def marked(content: str, marks: Iterable[tuple[str, str, bool]]) -> tuple[str, list[str]]:
    """Return a page with its words in elements, and the marks whose words were not found.

    Args:
        content: the HTML of the page.
        marks: for each mark the text of its comment, the words before it, and whether they are
            the note after a sentence.
    """
    waiting: dict[str, deque[tuple[int, str, bool]]] = {}
    for number, (text, words, sentence) in enumerate(marks):
        waiting.setdefault(text, deque()).append((number, words, sentence))
    missed, done, last = list[str](), "", 0
    for comment in COMMENT.finditer(content):
        queue = waiting.get(text := comment[1].strip())
        done += content[last : comment.start()]
        last = comment.start()
        if queue:
            number, words, sentence = queue.popleft()
            change = with_note if sentence else with_words
            changed = change(done, words, number)
            missed += [text] if changed is None else []
            done, last = changed or done, comment.end()
            if content[last : last + 1] in STOPS:  # no space before it
                done = done.rstrip()
    missed += [text for text, queue in waiting.items() for _ in queue]
    return done + content[last:], missed


def with_words(before: str, words: str, number: int) -> str | None:
    """Return HTML with an element around the words at its end, None if it ends otherwise."""
    spelled = r"\s+".join(re.escape(html.escape(word, quote=False)) for word in words.split())
    found = re.search(rf"({spelled}){CLOSING}", before)
    return found and f"{before[: found.start()]}{slot(number, found[1])}{found[2]}"


def with_note(before: str, note: str, number: int) -> str | None:
    """Return HTML with an element around its last sentence, and one for the note."""
    spelled = r"\s+".join(map(re.escape, note.split()))
    found = re.search(rf"\s*{spelled}{CLOSING}", before) if note else None
    end = found.start() if found else len(before.rstrip())
    start = sentence_start(before[:end])
    if start is None:
        return None
    sentence = f'<span class="bp-sentence">{before[start:end]}</span>'
    return f"{before[:start]}{sentence}{slot(number, f' {note}' if note else '')}"


def slot(number: int, words: str) -> str:
    """Return the element that holds words."""
    return f'<span data-words="{number}">{words}</span>'


def sentence_start(text: str) -> int | None:
    """Return where the last sentence of HTML begins in its block; None if it is not complete.

    A sentence, or a part of one, that already has an element is left out.
    """
    start = max(
        (match.end() for match in (*BLOCK.finditer(text), *NOTED.finditer(text))), default=0
    )
    depth, before = 0, ""
    for token in TOKEN.finditer(text, start):
        said = token[0]
        if said.startswith("</"):
            depth -= 1
        elif said.startswith("<"):
            depth += not said.startswith(VOID) and not said.endswith("/>")
        else:
            for space in re.finditer(r"\s+", said) if not depth else ():
                if ENDED.search(before + said[: space.start()]):
                    start = token.start() + space.end()
            before = (before + said).rstrip()[-9:]
    start += len(text[start:]) - len(text[start:].lstrip())
    return start if start < len(text) and not depth else None
