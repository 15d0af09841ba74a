"""Build the pages from the package beside them as it is now, not as it was first imported."""

import importlib
import os
import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig


def on_config(config: MkDocsConfig) -> None:
    """Forget the imported package, and let notebooks' kernels find the same one."""
    root = str(Path(config.config_file_path).parent)
    for name in [name for name in sys.modules if name.split(".")[0] == "backprop"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    if sys.path[0] != root:
        sys.path.insert(0, root)
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if paths[0] != root:
        os.environ["PYTHONPATH"] = os.pathsep.join(path for path in (root, *paths) if path)
