"""Run the Python blocks of each page while the site is built, and show what they print now.

A block that raises, or prints other than the page says, is reported at its line, and so is one
that a reader sees and that is not run. What a page's blocks print is kept in .cache/blocks, and
used again as long as neither the blocks nor the package nor what the site watches change.

A block may need what the site does without, such as PyTorch. It is marked in the source, runs
where that is installed, and tells readers so. What BACKPROP_REQUIRE in the environment names must
be installed: there, a block that is not run is reported.
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

from backprop.pages.run import Result, remembered, run
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
from backprop.site.package import digest

log = logging.getLogger("mkdocs.plugins.backprop")
REQUIRE = "BACKPROP_REQUIRE"

recorder = Recorder()


def on_config(config: MkDocsConfig) -> None:
    """Listen to the site's code blocks."""
    recorder.blocks.clear()
    config.markdown_extensions.append(recorder)  # type: ignore[arg-type]  # MkDocs lists names, Markdown takes instances too


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Begin to run the blocks of all pages."""
    for file in files.documentation_pages():
        if file.src_uri.endswith(".md") and file.page:
            with suppress(RuntimeError):  # reading the page says why
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
    """Return the blocks that are run here."""
    return [chain for chain in collected if chain.runs and is_there(chain.needs)]


def is_there(needs: str) -> bool:
    """Whether what a block needs is installed, if it needs anything."""
    return not needs or util.find_spec(needs) is not None


def left_out(page: Page) -> Iterator[Finding]:
    """Find the blocks that are not run here, although what they need has to be here."""
    required = os.environ.get(REQUIRE, "").split()
    for chain in page.chains:
        if chain.needs in required and not is_there(chain.needs):
            what = f"this block needs {chain.needs}, which is not installed"
            yield chain.fences[0], f"{what}; {REQUIRE} says that it has to be"


def results_of(ran: Sequence[Chain], config: MkDocsConfig, page: pages.Page) -> list[Result]:
    """Return what each block gives, from the cache if all it depends on is the same."""
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
        return not any(each["error"] for each in made)  # it may be over when its cause is

    return [Result(**each) for each in remembered(cache, key, make, keep=keep)]


def differences(page: Page, outcome: Sequence[tuple[Chain, Result]]) -> Iterator[Finding]:
    """Find the blocks that raise, and the outputs that are not what the page shows."""
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
    """Find the first line of a shown output that is not what the block prints."""
    lines = zip_longest(output.split("\n"), (chain.expected or "").split("\n"))
    offset, now, then = next((n, *pair) for n, pair in enumerate(lines, 1) if len({*pair}) > 1)
    return chain.output + offset, f"this block prints {now!r}, the page shows {then!r}"


def current(html: str, page: Page, outcome: Sequence[tuple[Chain, Result]]) -> str:
    """Put what the blocks print now in place of what the page shows, and say what they need."""
    printed = {chain.output: result.output for chain, result in outcome if not result.error}
    needy = {chain.fences[0]: chain.needs for chain in page.chains if chain.needs}
    for block in page.shown:
        if block.line in needy:
            html = html.replace(block.html, notice(needy[block.line]) + block.html)
        if block.line and block.line in printed and printed[block.line] != block.source + "\n":
            html = html.replace(block.html, block.render(printed[block.line].removesuffix("\n")))
    return html


def notice(needs: str) -> str:
    """Return what a reader is told above a block that needs more than the site."""
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
