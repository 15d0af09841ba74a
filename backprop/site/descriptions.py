"""Check that each page has a description of its own, for search engines."""

from jinja2 import Environment
from mkdocs.structure.files import Files

from backprop.site.findings import report


def on_env(env: Environment, files: Files, **_: object) -> Environment:
    """Report a page without a description, or with another page's."""
    seen: dict[str, str] = {}
    for file in files.documentation_pages():
        if file.page is None:
            continue
        description = str(file.page.meta.get("description") or "").strip()
        if not description:
            report(file.page, "no description in its front matter (a notebook: in its metadata)")
        elif (other := seen.setdefault(description, file.src_uri)) != file.src_uri:
            report(file.page, f"the same description as {other}", description)
    return env
