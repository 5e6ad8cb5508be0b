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
def provide_scripts(folder: Path = STATIC) -> str:
    """Copy the scripts and style sheets in `folder` to a folder of their version in it; return its name.

    Scripts import each other by relative paths. With the version in the path, a browser never mixes two of
    them, whatever it keeps. Two processes may do so at once: the folder appears whole or not at all.
    """
    files = sorted(path for path in folder.iterdir()
                   if path.suffix in (".js", ".css") and not path.name.startswith("plotly-"))
    digest = blake2b(digest_size=6)
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    target = folder / f"version-{digest.hexdigest()}"
    if target.exists():
        return target.name
    temporary = Path(tempfile.mkdtemp(dir=folder, suffix=".part"))
    try:
        temporary.chmod(0o755)
        for path in files:
            (temporary / path.name).write_bytes(path.read_bytes())
        temporary.rename(target)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        if not target.exists():  # unless another process has made it meanwhile
            raise
    return target.name
