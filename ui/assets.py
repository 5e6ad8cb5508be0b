"""The files in the app's `static` folder, as the browser loads them."""

import os
import shutil
import tempfile
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"


@cache
def plotly_name() -> str:
    """The file name of Plotly.js in `static`: it changes with the version, so that caches notice.

    Cached, because every update of every page asks for it, and the version is looked up on disk.
    """
    return f"plotly-{version('plotly')}.min.js"


@cache
def provide_plotly(folder: Path = STATIC) -> Path:
    """Copy Plotly.js from the plotly wheel to `folder`, unless it is there; return its path.

    Two processes may do so at once: the file appears whole or not at all. It is found without importing
    plotly, which the page does not need. Raises `FileNotFoundError` if the wheel has no such file.
    """
    target = folder / plotly_name()
    if target.exists():
        return target
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("plotly is not installed; run pip install -r requirements.txt.")
    source = Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
    os.close(handle)
    try:
        shutil.copyfile(source, temporary)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target


@cache
def assets_version(files: str = "live*") -> str:
    """A short hash of a component's own files, so that a browser never mixes two versions."""
    digest = blake2b(digest_size=6)
    for path in sorted(STATIC.glob(files)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
