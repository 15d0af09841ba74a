"""A built copy of the site."""

from pathlib import Path

import pytest
from builds import ROOT, build, own_warnings


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the real site, built strictly and without a warning."""
    site = tmp_path_factory.mktemp("site")
    result = build(ROOT / "mkdocs.yml", site)
    assert not own_warnings(result.stderr), result.stderr
    assert result.returncode == 0, result.stderr
    return site
