"""Describe the site to programs that share its pages, search it, or ask for a missing page.

Each page gets a title, a description and a picture for those who share its address; search engines
find `robots.txt`, language models `llms.txt`, and a reader with a wrong address the main pages.
Addresses need the setting `site_url`. Without it there is no picture, since the picture needs an
address, and no sitemap, which would be empty.
"""

import textwrap
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from backprop.examples import LECTURE
from backprop.network import forward, total_error
from backprop.site.package import kept
from backprop.symbolic.rounding import rounded

THEME = Path(__file__).parent / "templates" / "theme"
PICTURE = "assets/sharing.png"
WIDTH, HEIGHT = 1200, 630  # pixels, the size that sites ask for which show shared pages
INK, LIGHT, PAPER = "#1a237e", "#b34700", "#ffffff"

COLUMNS, ROWS = (680, 880, 1080), (190, 440)  # of the neurons
CENTRED: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 3}


def wanted(config: MkDocsConfig) -> bool:
    """Return whether `mkdocs.yml` switches this on."""
    return bool(config.plugins["backprop"].config["sharing"])


def on_config(config: MkDocsConfig) -> None:
    """Add the templates of this part, before the theme's and after the site's own."""
    if wanted(config):
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(THEME))
        config.theme.static_templates |= {"robots.txt", "llms.txt"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the picture, if the site has an address."""
    if wanted(config) and config.site_url:
        cache = Path(config.config_file_path).parent / ".cache" / "pictures"
        recipe = Path(__file__).read_bytes() + config.site_name.encode()
        picture = kept(cache, recipe, ".png", lambda: drawn(config.site_name))
        files.append(File.generated(config, PICTURE, abs_src_path=str(picture)))
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Give the theme's search dialog a name, which a screen reader says."""
    return output.replace('role="dialog">', 'role="dialog" aria-label="Search">', 1)


def on_post_build(config: MkDocsConfig) -> None:
    """Delete the sitemap of a site without an address, which is empty."""
    if wanted(config) and not config.site_url:
        for name in ("sitemap.xml", "sitemap.xml.gz"):
            Path(config.site_dir, name).unlink(missing_ok=True)


def drawn(title: str) -> bytes:
    """Return a picture of the lecture's network beside the title of the site, as PNG."""
    # Imported here, since that takes longer than the rest of the start of a build.
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.axis("off")
    network, outs = LECTURE.network, forward(LECTURE.network, LECTURE.inputs).outs
    for layer, weights in enumerate(network.weights):
        for (neuron, source), weight in np.ndenumerate(weights):
            ends = COLUMNS[layer : layer + 2], (ROWS[source], ROWS[neuron])
            axes.plot(*ends, color=INK, linewidth=14 * abs(weight), zorder=1)
    for column, values in zip(COLUMNS, (LECTURE.inputs, *outs), strict=True):
        for row, out in zip(ROWS, np.asarray(values), strict=True):
            axes.scatter(column, row, s=7000, color=PAPER, edgecolor=INK, linewidth=4, zorder=2)
            axes.text(column, row, printed(out, "0.001"), fontsize=20, **CENTRED)
    error = printed(total_error(LECTURE.targets, outs[-1]), "0.000001")
    axes.text(70, 250, textwrap.fill(title, 16), fontsize=33, color=INK, weight="bold", va="center")
    axes.text(70, 470, f"error {error}", fontsize=26, color=LIGHT)
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def printed(value: npt.ArrayLike, unit: str) -> str:
    """Return a number, of shape (), rounded to a unit in the last place."""
    return str(rounded(Decimal(float(np.asarray(value))), Decimal(unit)))
