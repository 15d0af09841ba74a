"""What Lighthouse says of each page: `pytest -n0 tests/benchmarks/test_lighthouse.py`.

npm installs Lighthouse into a temporary folder. Chromium loads each page from this machine, with
all files compressed, as a phone and as a laptop. Each prints a line with the medians of five runs,
or of as many as BACKPROP_RUNS says. What depends on the page alone is asserted: accessibility, best
practices, search engines, and layout shift. What depends on the machine as well is only printed.
"""

import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

import pytest
from browsers import OPTIONS, Handler, chromium
from builds import ROOT, build, finished_site

RUNS = int(os.environ.get("BACKPROP_RUNS", "5"))
LEAST = 98  # of a hundred points
MOST_SHIFT = 0.01
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# What Lighthouse measures, by the head of its column, and how it is printed.
MEASURES = {
    "shift": ("cumulative-layout-shift", ".3f"),
    "blocked ms": ("total-blocking-time", ",.0f"),
    "thread ms": ("mainthread-work-breakdown", ",.0f"),
    "painted ms": ("largest-contentful-paint", ",.0f"),
    "bytes": ("total-byte-weight", ",.0f"),
}
DEVICES = {"phone": (), "laptop": ("--preset=desktop",)}
SOURCES = sorted({*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*.ipynb")})
PAGES = ["" if source.stem == "index" else f"{source.stem}/" for source in SOURCES]


class Compressed(Handler):
    """Serves files as most hosts do: compressed."""

    def send_head(self) -> BytesIO | None:
        """Answer with the headers of a file, and return what is in it."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return None
        body = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of Lighthouse, in a folder of its own."""
    if not (npm := shutil.which("npm")) or not chromium():
        pytest.skip("npm or a browser is not installed")
    folder = tmp_path_factory.mktemp("lighthouse")
    command = [npm, "install", "--no-audit", "--no-fund", "lighthouse"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return str(folder / "node_modules" / ".bin" / "lighthouse")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, built or as BACKPROP_SITE names it."""
    site = finished_site()
    if site is None:
        site = tmp_path_factory.mktemp("site")
        assert build(ROOT / "mkdocs.yml", site).returncode == 0

    def handler(*given: Any) -> Compressed:
        return Compressed(*given, directory=str(site), headers={})

    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def report(lighthouse: str, address: str, device: str) -> dict[str, Any]:
    """Return what Lighthouse says of an address after one run."""
    chrome = f"--chrome-flags={' '.join(('--headless', *OPTIONS))}"
    only = f"--only-categories={','.join(CATEGORIES)}"
    run = subprocess.run(
        [lighthouse, address, "--quiet", "--output=json", only, chrome, *DEVICES[device]],
        env={**os.environ, "CHROME_PATH": chromium() or ""},
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def failed(result: dict[str, Any]) -> list[str]:
    """Return what costs points but speed: each audit, and the elements that it names."""
    found = []
    for category in CATEGORIES[1:]:
        for each in result["categories"][category]["auditRefs"]:
            audit = result["audits"][each["id"]]
            if each["weight"] and audit["score"] is not None and audit["score"] < 1:
                items = (audit.get("details") or {}).get("items", [])
                nodes = [str(item.get("node", item))[:200] for item in items[:5]]
                found.append(f"{category}, {each['id']}: {'; '.join(nodes)}")
    return found


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_good(
    lighthouse: str, address: str, page: str, device: str, say: Callable[[str], None]
) -> None:
    runs = [report(lighthouse, f"{address}/{page}", device) for _ in range(RUNS)]
    points = {
        name: median(round(100 * run["categories"][name]["score"]) for run in runs)
        for name in CATEGORIES
    }
    measured = {
        head: median(run["audits"][audit]["numericValue"] for run in runs)
        for head, (audit, _) in MEASURES.items()
    }
    said = [f"{name} {value:.0f}" for name, value in points.items()]
    said += [f"{head} {measured[head]:{form}}" for head, (_, form) in MEASURES.items()]
    say(f"{page or 'index'}, {device}: {', '.join(said)}")
    assert all(points[name] >= LEAST for name in CATEGORIES[1:]), failed(runs[0])
    assert measured["shift"] <= MOST_SHIFT
