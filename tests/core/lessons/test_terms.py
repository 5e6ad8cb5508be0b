"""The glossary explains every choice of the app, in short sentences, and every word has something to see."""

import re

import pytest

from core.agents.environments import ENVIRONMENTS
from core.agents.fields import PARAMETERS
from core.agents.methods import METHODS
from core.catalog.activations import ACTIVATIONS
from core.catalog.architectures import ARCHITECTURES
from core.catalog.augmentation import AUGMENTATION
from core.catalog.baselines import BASELINES
from core.catalog.help import HELP
from core.catalog.initializers import INITIALIZERS
from core.catalog.layers import LAYER_KINDS
from core.catalog.losses import LOSSES
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.datasets import DATASETS
from core.lessons.articles import TERMS
from core.studies.search import METHOD_NAMES

OWN = {"dataset": DATASETS, "architecture": ARCHITECTURES, "optimizer": OPTIMIZERS}
ON_OFFER = {
    *(f"field {name}" for name in HELP if name != "augmentation"),
    *(f"layer {name}" for name in LAYER_KINDS), *(f"activation {name}" for name in ACTIVATIONS),
    *(f"optimizer {name}" for name in OPTIMIZERS), *(f"loss {name}" for name in LOSSES),
    *(f"schedule {name}" for name in SCHEDULES), *(f"initializer {name}" for name in INITIALIZERS),
    *(f"architecture {name}" for name in ARCHITECTURES), *(f"search {name}" for name in METHOD_NAMES),
    *(f"augmentation {parameter.name}" for parameter in AUGMENTATION),
    *(f"baseline {name}" for name in BASELINES),
    *(f"{kind} parameter {parameter.name}" for kind, table in OWN.items() for entry in table.values()
      for parameter in entry.parameters),
    *(f"agent field {name}" for name in PARAMETERS if name != "seed"),
    *(f"agent environment {name}" for name in ENVIRONMENTS), *(f"agent method {name}" for name in METHODS),
    *(f"agent parameter {parameter.name}" for entry in (*ENVIRONMENTS.values(), *METHODS.values())
      for parameter in entry.parameters)}


def test_every_choice_is_explained_by_exactly_one_term():
    explained = [entry for term in TERMS.values() for entry in term.explains]
    assert len(explained) == len({*explained})
    assert {*explained} == ON_OFFER


def test_a_term_is_short_and_shown(subtests: pytest.Subtests):
    for term in TERMS.values():
        with subtests.test(term.name):
            sentences = re.split(r"(?<=[.!?:;])\s", term.text)
            assert term.links and len(term.text.split()) <= 50
            assert max(len(sentence.split()) for sentence in sentences) <= 30
