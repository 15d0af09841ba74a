"""What all tests share."""

from pathlib import Path

import pytest
from builds import ROOT, build, finished_site, own_warnings
from filelock import FileLock
from hypothesis import settings

# The same examples on every machine: a run that passed here passes in CI.
settings.register_profile("same everywhere", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("same everywhere")


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of the real site, built strictly and without a warning, once for all processes.

    Where BACKPROP_SITE names a folder, it holds the site as it is going to be published, and the
    tests look at that one.
    """
    if finished := finished_site():
        return finished
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    site = shared / "site"
    with FileLock(shared / "site.lock"):
        if not site.exists():
            fresh = tmp_path_factory.mktemp("site")
            result = build(ROOT / "mkdocs.yml", fresh)
            assert not own_warnings(result.stderr), result.stderr
            assert result.returncode == 0, result.stderr
            fresh.rename(site)
    return site
