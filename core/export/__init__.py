"""A run to take home: as a script, a notebook and files that need nothing of this project."""

from core.export.files import config_from_json, config_json, filename, history_csv, weights_npz
from core.export.script import notebook, script, stopped_after

__all__ = ["config_from_json", "config_json", "filename", "history_csv", "notebook", "script",
           "stopped_after", "weights_npz"]
