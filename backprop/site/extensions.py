"""Switch on the Markdown extensions that pages need to be read correctly."""

from typing import Any

from mkdocs.config.defaults import MkDocsConfig

NEEDED: dict[str, dict[str, Any]] = {
    "attr_list": {},
    "md_in_html": {},
    "pymdownx.arithmatex": {"generic": True},  # plain markers, which become MathML
    "pymdownx.highlight": {"pygments_lang_class": True},
    "pymdownx.superfences": {},
}


def on_config(config: MkDocsConfig) -> None:
    """Add the extensions that the site does not name, and set what each of them needs."""
    for name, settings in NEEDED.items():
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
        config.mdx_configs[name] = {**config.mdx_configs.get(name, {}), **settings}
