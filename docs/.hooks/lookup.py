"""Make a page for each weight and each bias, to which the page that lists them leads."""

import importlib

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to the site; the navigation has the list alone."""
    # Imported here, since the package hook forgets the package before each build.
    lookup = importlib.import_module("backprop.pages.lookup")
    if files.get_file_from_path(f"{lookup.INDEX}.md"):
        for uri, text in lookup.pages().items():
            page = File.generated(config, uri, content=text, inclusion=InclusionLevel.NOT_IN_NAV)
            files.append(page)
    return files
