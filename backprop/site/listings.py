"""Run the Python blocks of each page while the site is built, and show what they print now.

A block that raises, that prints something else than the page shows, or that a reader sees although
it is not run, is reported at its line. The output of a page's blocks is kept in .cache/blocks, and
used again as long as the blocks, the package and what the site watches are the same.

A block may need a library that the site does not, such as PyTorch. It is marked in the source, runs
where the library is installed, and the page says so. If the environment variable BACKPROP_REQUIRE
names the library, a block that does not run because it is missing is reported.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib import util
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation

from backprop.pages.run import Result, run
from backprop.site import ahead
from backprop.site.inventory import (
    OPTIONAL,
    Chain,
    Finding,
    Page,
    Recorder,
    chains,
    findings,
    unmarked,
)
from backprop.site.made import source_of
from backprop.site.package import digest, remembered

log = logging.getLogger("mkdocs.plugins.backprop")
REQUIRE = "BACKPROP_REQUIRE"

recorder = Recorder()


def on_config(config: MkDocsConfig) -> None:
    """Record the site's code blocks."""
    recorder.blocks.clear()
    config.markdown_extensions.append(recorder)  # type: ignore[arg-type]  # MkDocs lists names, Markdown takes instances too


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Start to run the blocks of all pages."""
    for file in files.documentation_pages():
        if file.src_uri.endswith(".md") and file.page:
            with suppress(RuntimeError):  # reported when the page is read
                ran = runnable(chains(source_of(file.page, config).text))
                ahead.begin(f"blocks of {file.src_uri}", results_of, ran, config, file.page)


def on_page_content(html: str, page: pages.Page, config: MkDocsConfig, files: Files) -> str:
    """Run the blocks of a page, report what is wrong, and show what they print now."""
    name = page.file.src_uri
    if not name.endswith(".md"):  # the cells of a notebook are run on their own
        recorder.blocks.clear()
        return unmarked(html)
    root = Path(config.config_file_path).parent
    source = source_of(page, config)
    read = recorder.page(source.text, html)
    ran = runnable(read.chains)
    results = ahead.finish(f"blocks of {name}") or results_of(ran, config, page)
    outcome = list(zip(ran, results, strict=True))
    wrong = {*findings(read), *differences(read, outcome), *left_out(read)}
    for line, message in sorted(wrong):
        path = os.path.relpath(Path(config.docs_dir, name), root)
        log.warning("%s:%d: %s", path, source.line(line), message)
    return unmarked(current(html, read, outcome))


def runnable(collected: Sequence[Chain]) -> list[Chain]:
    """Return the blocks that can be run with what is installed."""
    return [chain for chain in collected if chain.runs and is_there(chain.needs)]


def is_there(needs: str) -> bool:
    """Return whether the library that a block needs is installed, True if it needs none."""
    return not needs or util.find_spec(needs) is not None


def left_out(page: Page) -> Iterator[Finding]:
    """Find the blocks that are not run because a required library is missing."""
    required = os.environ.get(REQUIRE, "").split()
    for chain in page.chains:
        if chain.needs in required and not is_there(chain.needs):
            what = f"this block needs {chain.needs}, which is not installed"
            yield chain.fences[0], f"{what}; {REQUIRE} says that it has to be"


def results_of(ran: Sequence[Chain], config: MkDocsConfig, page: pages.Page) -> list[Result]:
    """Return the result of each block, from the cache if all it depends on is the same."""
    if not ran:
        return []
    codes = [chain.code for chain in ran]
    needs = sorted({chain.needs for chain in ran} - {""})
    root = Path(config.config_file_path).parent
    key = [digest(config, ["numpy", *needs]), *codes]
    cache = root / ".cache" / "blocks" / f"{quote(page.file.src_uri, safe='')}.json"

    def make() -> list[dict[str, Any]]:
        return [asdict(result) for result in run(codes, as_tested=True, folder=root)]

    def keep(made: list[dict[str, Any]]) -> bool:
        return not any(each["error"] for each in made)  # its cause may be gone at the next build

    return [Result(**each) for each in remembered(cache, key, make, keep=keep)]


def differences(page: Page, outcome: Sequence[tuple[Chain, Result]]) -> Iterator[Finding]:
    """Find the blocks that raise, and those that print something else than the page shows."""
    shown = {block.line for block in page.shown}
    for chain, result in outcome:
        if result.error:
            yield chain.origins[result.line - 1], f"this block fails: {result.error}"
        elif chain.expected is None:
            if result.output and shown & {*chain.fences}:
                first = result.output.splitlines()[0]
                yield chain.fences[-1], f"this block prints {first!r}, the page shows no output"
        elif result.output != chain.expected:
            yield first_difference(chain, result.output)


def first_difference(chain: Chain, output: str) -> Finding:
    """Return the first line where a shown output differs from what the block prints."""
    lines = zip_longest(output.split("\n"), (chain.expected or "").split("\n"))
    offset, now, then = next((n, *pair) for n, pair in enumerate(lines, 1) if len({*pair}) > 1)
    return chain.output + offset, f"this block prints {now!r}, the page shows {then!r}"


def current(html: str, page: Page, outcome: Sequence[tuple[Chain, Result]]) -> str:
    """Replace the shown outputs by what the blocks print now, and say what they need."""
    printed = {chain.output: result.output for chain, result in outcome if not result.error}
    needy = {chain.fences[0]: chain.needs for chain in page.chains if chain.needs}
    for block in page.shown:
        if block.line in needy:
            html = html.replace(block.html, notice(needy[block.line]) + block.html)
        if block.line and block.line in printed and printed[block.line] != block.source + "\n":
            html = html.replace(block.html, block.render(printed[block.line].removesuffix("\n")))
    return html


def notice(needs: str) -> str:
    """Return the note above a block that needs a library that the site does not."""
    name = OPTIONAL[needs]
    state = (
        "It has been run, and its output compared, while this page was built."
        if is_there(needs)
        else f"This page was built without {name}: the output is the one that was compared last."
    )
    return (
        f'<p class="needs">This block needs {name}, which you install with '
        f"<code>pip install {needs}</code>. {state}</p>\n"
    )
