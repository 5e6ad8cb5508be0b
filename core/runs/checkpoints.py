"""Checkpoint files: written every few seconds of a run, and read by its next attempt if its worker is lost.

A file is NumPy's npz without pickle, named by run, attempt and step. It exists only on the machine that wrote
it; an attempt that does not find it begins from the start, with the same curve.
"""

import json
import logging
import os
import re
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.runs.disk_limits import trim
from core.runs.events import Checkpoint

log = logging.getLogger(__name__)

FOLDER = "checkpoints"
# How many files of a run are kept: two, because the page may not know about the last one yet.
KEPT = 2
# Writing takes at most this share of a run's time.
SHARE = 0.01
STALE_SECONDS = 24 * 3600.0
SAFE = re.compile(r"[0-9A-Za-z-]{1,80}")
ABOUT = "about"


@dataclass(frozen=True)
class Snapshot:
    """The contents of a checkpoint file.

    Attributes:
        about: plain JSON: which config it belongs to, and where the run is.
        arrays: lists of arrays by name; no array is empty.
    """

    about: Mapping[str, Any]
    arrays: Mapping[str, Sequence[np.ndarray]]


class Checkpoints:
    """The checkpoints of one attempt of a run, in `folder`.

    Args:
        folder: in this machine's cache.
        run_id, attempt: name the files. Raises `ValueError` for a run id that cannot be a file name.
        seconds: least time between two checkpoints.
        resume: the checkpoint of an earlier attempt to continue from; None to begin at the start.
    """

    def __init__(self, folder: Path, run_id: str, attempt: int, seconds: float,
                 resume: Checkpoint | None = None):
        if not SAFE.fullmatch(run_id):
            raise ValueError(f"A run's name has letters, digits and dashes only, got {run_id!r}.")
        self.resume = resume
        self._folder, self._run_id, self._attempt, self._seconds = folder, run_id, attempt, seconds
        self._files = [] if resume is None else [self._path(resume)]
        self._cost = 0.0
        self._broken = False

    def due(self, since: float) -> bool:
        """Whether it is time for the next one, `since` seconds of the run's time after the last."""
        return not self._broken and since >= max(self._seconds, self._cost / SHARE)

    def write(self, step: int, snapshot: Snapshot) -> Checkpoint | None:
        """Save `snapshot`, taken at `step`. Returns None if that fails; then no more are ever due."""
        began, made = time.monotonic(), Checkpoint(step, self._attempt)
        path = self._path(made)
        try:
            save(path, snapshot)
        except Exception as error:  # a full disk is nothing that a run should end for
            log.warning("Run %s goes on without checkpoints: %s", self._run_id, error)
            self._broken = True
            return None
        self._files = [*(other for other in self._files if other != path), path][-KEPT:]
        self._remove(but=self._files)
        self._cost = time.monotonic() - began
        return made

    def read(self) -> Snapshot | None:
        """The snapshot that `resume` names; None if it is not on this machine or cannot be read."""
        if self.resume is None:
            return None
        try:
            return load(self._path(self.resume))
        except Exception as error:  # whatever is wrong with it, the run can begin from the start
            log.warning("Run %s begins from the start: %s", self._run_id, error)
            return None

    def clear(self) -> None:
        """The run is over: delete its files, except those of a later attempt."""
        self._remove()

    def _path(self, checkpoint: Checkpoint) -> Path:
        return self._folder / f"{self._run_id}.{int(checkpoint.attempt)}.{int(checkpoint.step)}.npz"

    def _remove(self, but: Collection[Path] = ()) -> None:
        with suppress(OSError):
            for path in self._folder.glob(f"{self._run_id}.*"):
                attempt = path.name.split(".")[1]
                if path not in but and attempt.isdecimal() and int(attempt) <= self._attempt:
                    path.unlink(missing_ok=True)


def save(path: Path, snapshot: Snapshot) -> None:
    """Write a snapshot's file, whole or not at all. Raises what NumPy and the disk raise."""
    part = path.with_name(f"{path.name}.{threading.get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as file:
            np.savez(file, **_named(snapshot))
        os.replace(part, path)
    except Exception:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def load(path: Path) -> Snapshot:
    """The snapshot in a file. Raises what NumPy raises, and `KeyError` or `ValueError` for other arrays."""
    with np.load(path, allow_pickle=False) as file:
        return _snapshot({name: file[name] for name in file.files})


def sweep(folder: Path, most: int) -> None:
    """Delete files that are a day old: their runs were lost for good.

    Then delete those used longest ago until all files together have at most `most` bytes. A run whose file is
    gone begins from the start.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if path.stat().st_mtime < time.time() - STALE_SECONDS:
                path.unlink(missing_ok=True)
    trim(folder, most)


def _named(snapshot: Snapshot) -> dict[str, Any]:
    """All arrays of a file by their names in it."""
    arrays = {f"{name}.{index}": array for name, some in snapshot.arrays.items()
              for index, array in enumerate(some)}
    return {ABOUT: np.array(json.dumps(snapshot.about)), **arrays}


def _snapshot(arrays: Mapping[str, np.ndarray]) -> Snapshot:
    """The opposite of `_named`. Raises `KeyError` or `ValueError` for the arrays of something else."""
    lists: dict[str, dict[int, np.ndarray]] = {}
    for name, array in arrays.items():
        if name != ABOUT:
            group, _, index = name.rpartition(".")
            lists.setdefault(group, {})[int(index)] = array
    return Snapshot(json.loads(str(arrays[ABOUT])),
                    {group: [some[index] for index in range(len(some))] for group, some in lists.items()})
