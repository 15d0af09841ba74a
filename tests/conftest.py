"""What all tests share."""

from pathlib import Path

import pytest
from builds import ROOT, build, own_warnings
from hypothesis import settings

# The same examples on every machine: a run that passed here passes in CI.
settings.register_profile("same everywhere", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("same everywhere")


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the real site, built strictly and without a warning."""
    site = tmp_path_factory.mktemp("site")
    result = build(ROOT / "mkdocs.yml", site)
    assert not own_warnings(result.stderr), result.stderr
    assert result.returncode == 0, result.stderr
    return site
