"""Run the Python blocks of each page while the site is built, and show what they print now.

A block that raises, or prints other than the page says, is reported at its line, and so is one
that a reader sees and that is not run. What a page's blocks print is kept in .cache/blocks, and
used again as long as neither the blocks nor the package change.

A block may need what the site does without, such as PyTorch. It is marked in the source, runs
where that is installed, and tells readers so. What BACKPROP_REQUIRE in the environment names must
be installed: there, a block that is not run is reported.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import util
from itertools import zip_longest
from pathlib import Path
from urllib.parse import quote

from inventory import OPTIONAL, Chain, Finding, Page, Recorder, findings, unmarked
from made import source_of
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure import pages
from mkdocs.structure.files import Files
from package import digest

log = logging.getLogger("mkdocs.hooks.blocks")
RUNNER = Path(__file__).with_name("runner.py")
TIME_LIMIT = 60  # seconds for the blocks of one page
REQUIRE = "BACKPROP_REQUIRE"

recorder = Recorder()


@dataclass(frozen=True)
class Result:
    """What running a block gave: its output, and its error with the line of code, if any."""

    output: str = ""
    error: str = ""
    line: int = 1


def on_config(config: MkDocsConfig) -> None:
    """Listen to the site's code blocks."""
    recorder.blocks.clear()
    config.markdown_extensions.append(recorder)  # type: ignore[arg-type]  # MkDocs lists names, Markdown takes instances too


@event_priority(100)  # before another hook changes the HTML of a block
def on_page_content(html: str, page: pages.Page, config: MkDocsConfig, files: Files) -> str:
    """Run the blocks of a page, report what is wrong, and show what they print now."""
    name = page.file.src_uri
    if not name.endswith(".md"):  # the cells of a notebook are run on their own
        recorder.blocks.clear()
        return unmarked(html)
    root = Path(config.config_file_path).parent
    source = source_of(page, config)
    read = recorder.page(source.text, html)
    ran = [chain for chain in read.chains if chain.runs and is_there(chain.needs)]
    needs = sorted({chain.needs for chain in ran} - {""})
    results = remembered([chain.code for chain in ran], root, name, needs)
    outcome = list(zip(ran, results, strict=True))
    wrong = {*findings(read), *differences(read, outcome), *left_out(read)}
    for line, message in sorted(wrong):
        path = os.path.relpath(Path(config.docs_dir, name), root)
        log.warning("%s:%d: %s", path, source.line(line), message)
    return unmarked(current(html, read, outcome))


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


def remembered(
    codes: Sequence[str], root: Path, name: str, needs: Sequence[str] = ()
) -> list[Result]:
    """Return what each block gives, from the cache if all it depends on is the same."""
    if not codes:
        return []
    key = [digest(root, ["numpy", *needs], [RUNNER]), *codes]
    cache = root / ".cache" / "blocks" / f"{quote(name, safe='')}.json"
    if cache.exists():
        kept = json.loads(cache.read_text(encoding="utf-8"))
        if kept["key"] == key:
            return [Result(**result) for result in kept["results"]]
    results = run(codes, root)
    if not any(result.error for result in results):  # an error may be over when its cause is
        cache.parent.mkdir(parents=True, exist_ok=True)
        fresh = cache.with_suffix(f".{os.getpid()}")
        kept = {"key": key, "results": [asdict(result) for result in results]}
        fresh.write_text(json.dumps(kept), encoding="utf-8")
        fresh.replace(cache)
    return results


def run(codes: Sequence[str], root: Path) -> list[Result]:
    """Run blocks in a Python of their own, which imports the package as it is now."""
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    try:
        child = subprocess.run(  # noqa: S603 - our own file
            [sys.executable, "-P", str(RUNNER)],
            input=json.dumps(codes),
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            timeout=TIME_LIMIT,
            check=False,
        )
        answers, reason = child.stdout, "this block ends Python"
        if complaint := child.stderr.strip():
            reason = f"{reason}: {complaint.splitlines()[-1]}"
    except subprocess.TimeoutExpired as slow:
        so_far = slow.stdout or ""
        answers = so_far.decode() if isinstance(so_far, bytes) else so_far
        reason = f"this block is not done after {TIME_LIMIT} seconds"
    results = [Result(**json.loads(answer)) for answer in answers.split("\n")[:-1]]
    if len(results) < len(codes):
        results.append(Result(error=reason))
    not_run = Result(error="this block has not been run, because of the one before")
    return results + [not_run] * (len(codes) - len(results))


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
