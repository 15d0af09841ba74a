"""The addresses that a wheel names: those in the environment it is built in.

The project has no fixed home. As for the site (mkdocs.yml), REPO_URL is the address of the
repository and SITE_URL that of the site; the workflow that builds the wheel sets both.
"""

import os
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Addresses(MetadataHookInterface):
    """Adds what is known of the project's addresses to what the wheel says of itself."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the URLs of the project."""
        site, repo = (os.environ.get(name, "").rstrip("/") for name in ("SITE_URL", "REPO_URL"))
        urls = {"Documentation": f"{site}/"} if site else {}
        if repo:
            changes = f"{repo}/blob/main/CHANGELOG.md"
            urls |= {"Source": repo, "Issues": f"{repo}/issues", "Changelog": changes}
        metadata["urls"] = urls
