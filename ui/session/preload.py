"""Imports what pages will need while the server starts; otherwise the first visitor would wait 4 s.

Modules are imported one after the other: two threads importing the same package could see it half loaded.
"""

import importlib
import pkgutil

import ui

# Modules that scikit-learn's packages import only on first use.
PAGES = ("sklearn.datasets", "sklearn.model_selection", "sklearn.preprocessing", "sklearn.metrics")


def for_workers() -> None:
    """Load what the cluster needs in this process."""
    importlib.import_module("pandas")
    importlib.import_module("distributed")


def for_pages() -> None:
    """Load what the pages need."""
    for name in PAGES:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        importlib.import_module(module.name)
