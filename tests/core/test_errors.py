"""Errors: which ones are shown to the learner in their own words, and which only as a fault."""

import importlib
import pkgutil

import core
from core.catalog.layers.layer import Misfit
from core.cluster.run_tasks import advice
from core.errors import UserError
from core.parameters import FieldError


def test_every_exception_of_core_is_a_refusal_in_words():
    found = set()
    for module in pkgutil.walk_packages(core.__path__, "core."):
        classes = vars(importlib.import_module(module.name)).values()
        found |= {kind for kind in classes if isinstance(kind, type) and issubclass(kind, Exception)
                  and kind.__module__.startswith("core.")}
    assert {FieldError, Misfit} <= found
    assert not [one for one in found if not issubclass(one, UserError)]


def test_a_refusal_is_told_as_it_stands_and_a_fault_is_not():
    assert advice(FieldError("epochs", "Too many epochs.")) == "Too many epochs."
    assert advice(ZeroDivisionError("division by zero")).startswith("Something went wrong (ZeroDivisionError")
