"""The other files to take home: history, weights and config."""

import csv
import io
import json
from collections.abc import Sequence

import numpy as np

from core.datasets.table_dataset import without_table
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.history import History

# A config with hundreds of placed points has about 10 kB.
MOST_BYTES = 256 * 1024


def filename(config: RunConfig, ending: str) -> str:
    """A file name such as `playground-iris-mlp.py`, with characters that every system accepts."""
    return f"playground-{config.dataset}-{config.architecture}.{ending}".replace("_", "-")


def history_csv(history: History, config: RunConfig, table: str = "epochs") -> str:
    """A table of the history as CSV with a header row; empty where there is no number.

    table: `epochs`, with a row per epoch, or `steps`, with a row per progress report. The metric is the
    accuracy, the share of words guessed, the mean absolute error in the target's units, or the error of
    reconstructions.
    """
    metric = ("guessed" if config.data.guesses else "error" if config.data.reconstructs else
              "accuracy" if config.data.classes else "mae")
    names = {"epochs": ["epoch", "loss", metric, "val_loss", f"val_{metric}"],
             "steps": ["step", "epoch", "loss", metric]}[table]
    rows = history.table(table)
    kept = [place for place, name in enumerate(names)
            if not name.startswith("val_") or np.isfinite(rows[:, place]).any()]
    whole = {"epoch", "step"} if table == "epochs" else {"step"}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([names[place] for place in kept])
    for row in rows.tolist():
        writer.writerow([int(row[place]) if names[place] in whole else
                         "" if np.isnan(row[place]) else row[place] for place in kept])
    return out.getvalue()


def weights_npz(weights: Sequence[np.ndarray], paths: Sequence[str]) -> bytes:
    """The network's weights as the bytes of an .npz file, which `numpy.load` opens.

    weights, paths: as in `Finished`. An array's name is its path, such as `dense_1/kernel`; random states are
    left out. Raises `ValueError` if the numbers of paths and weights differ.
    """
    if len(paths) != len(weights):
        raise ValueError(f"There are {len(weights)} weights and {len(paths)} names.")
    arrays = {name: np.asarray(array) for name, array in zip(paths, weights, strict=True)
              if not name.endswith("seed_generator_state")}
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **arrays)
    return out.getvalue()


def config_json(config: RunConfig) -> str:
    """The configuration as JSON, which `config_from_json` can read; without the learner's own table."""
    return json.dumps(without_table(config.to_dict()), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def config_from_json(text: str | bytes) -> RunConfig:
    """The configuration in a learner's file. Raises `FieldError`, in words, for anything that is wrong."""
    if len(text) > MOST_BYTES:
        raise FieldError("config", f"A configuration has at most {MOST_BYTES // 1024} kB, but this file has "
                         f"{len(text) // 1024:,}. Choose the .json file that was saved here.")
    try:
        values = json.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except UnicodeDecodeError as error:
        raise FieldError("config", "The file is not a text file. Choose the .json file that was saved "
                         "here.") from error
    # Digits beyond what an int may have raise a ValueError too, and brackets beyond all depth:
    except (ValueError, RecursionError) as error:
        raise FieldError("config", f"The file is not JSON: {str(error)[:100]}. Choose the .json file that "
                         "was saved here.") from error
    return RunConfig.from_dict(without_table(values))
