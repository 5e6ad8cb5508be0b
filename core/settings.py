"""The app's settings: every limit and every folder, each read from one environment variable."""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from core.parameters import FieldError

PREFIX = "PLAYGROUND_"


def _default_threads() -> int:
    return 64


def _default_workers() -> int:
    return max(1, (os.cpu_count() or 1) // 4)


def _default_cache() -> Path:
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:  # a container's user may have no home
        base = tempfile.gettempdir()
    return Path(base).absolute() / "deep-learning-playground"


@dataclass(frozen=True)
class Settings:
    """All limits and folders; README.md explains each.

    The environment variable `PLAYGROUND_NAME` sets the field `name`.
    """

    workers: int
    threads: int
    nanny: bool = True
    warm_up: bool = True
    data: Path | None = None
    cache: Path = Path(tempfile.gettempdir())
    max_parameters: int = 5_000_000
    max_parameters_running: int = 20_000_000
    max_step_bytes: int = 256 * 2**20
    max_step_seconds: float = 0.2
    max_run_seconds: float = 15 * 60.0
    checkpoint_seconds: float = 10.0
    max_running_per_learner: int = 2
    max_waiting_per_learner: int = 4
    max_waiting: int = 64
    max_places_per_address: int = 0
    paused_seconds: float = 30.0
    abandoned_seconds: float = 120.0
    kept_seconds: float = 3600.0
    kept_runs: int = 8
    max_studies: int = 8
    kept_studies: int = 4
    max_members: int = 1000
    max_study_work: float = 2e13
    max_moment_bytes_per_run: int = 4 * 2**20
    max_moment_bytes: int = 64 * 2**20
    stored_runs: int = 2000
    max_stored_runs: int = 100_000
    max_stored_bytes: int = 2 * 2**30
    max_compiled_bytes: int = 2 * 2**30
    max_checkpoint_bytes: int = 4 * 2**30
    max_start_bytes: int = 2**30
    max_log_bytes: int = 16 * 2**20
    max_uploads_per_session: int = 4
    max_upload_bytes_per_session: int = 32 * 2**20
    max_uploads: int = 1000
    max_upload_bytes: int = 256 * 2**20
    database: str = ""


# What may be as little as this; everything else is above 0. One thread is kept for layer tables.
_LEAST = {"threads": 2, "max_places_per_address": 0}
# Beyond this a typing error is likelier than a machine that can bear it.
_MOST = {"workers": 1024, "threads": 1024}
_FACTORIES: dict[str, Callable[[], object]] = {
    "workers": _default_workers, "threads": _default_threads, "cache": _default_cache}


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives; defaults for the rest.

    Raises `FieldError`, naming the variable, for a value that cannot be read or is not positive.
    """
    environment = os.environ if environment is None else environment
    values = {}
    for field in fields(Settings):
        text = environment.get(PREFIX + field.name.upper(), "").strip()
        if text:
            values[field.name] = _read(field.name, str(field.type), text)
        elif field.name in _FACTORIES:
            values[field.name] = _FACTORIES[field.name]()
    return Settings(**values)


def _read(name: str, kind: str, text: str) -> object:
    variable = PREFIX + name.upper()
    if "Path" in kind:
        try:
            return Path(text).expanduser().resolve()
        except (RuntimeError, ValueError, OSError) as error:  # ~nobody, a null byte, a loop of links
            raise FieldError(variable, f"{variable} must be a folder, got {text!r}: {error}.") from None
    if "bool" in kind:
        if text.lower() not in ("0", "1", "false", "true", "no", "yes"):
            raise FieldError(variable, f"{variable} must be 0 or 1, got {text!r}.")
        return text.lower() in ("1", "true", "yes")
    if "str" in kind:
        # Not shown as it is: it may hold a password.
        if not re.match(r"[A-Za-z][\w+.]*://", text):
            raise FieldError(variable, f"{variable} must be a database URL, such as "
                             "postgresql://name@host/database.")
        return text
    try:
        number = float(text) if "float" in kind else int(text)
    except ValueError:
        number = -1
    least, most = _LEAST.get(name), _MOST.get(name)
    if not (1e-9 if least is None else least) <= number <= (most or sys.float_info.max):
        lower = "above 0" if least is None else f"from {least}"
        upper = "" if not most else f" and at most {most}" if least is None else f" to {most}"
        raise FieldError(variable, f"{variable} must be a number {lower}{upper}, got {text!r}.")
    return number
