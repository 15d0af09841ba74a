"""Make a page for each weight and each bias, linked from the page that lists them."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from backprop.pages import lookup


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to the site, but not to its navigation, which has only the list."""
    if files.get_file_from_path(f"{lookup.INDEX}.md"):
        for uri, text in lookup.pages().items():
            page = File.generated(config, uri, content=text, inclusion=InclusionLevel.NOT_IN_NAV)
            files.append(page)
    return files
