"""Some classes of an image dataset: counted from 0 again, and divided as the whole dataset is."""

import numpy as np
import pytest

from core.datasets import DATASETS, available
from core.datasets.divided import Preparation
from core.datasets.splits import split
from core.datasets.splits import test_set as examples_of_test
from core.parameters import FieldError
from core.runs.config import RunConfig

IMAGES = [name for name, dataset in DATASETS.items()
          if "classes" in dict(dataset.values) and dataset.is_image and available(name)]


def rows(x: np.ndarray) -> set[bytes]:
    return {image.tobytes() for image in x}


@pytest.mark.parametrize("name", IMAGES)
def test_the_chosen_classes_are_those_of_the_whole(name: str):
    whole = DATASETS[name]
    names = whole.classes[2:5]
    part = whole.made_with({"classes": names[::-1]})
    assert part.classes == names and part != whole and part.shape == whole.shape
    data, all_of_it = part.load(), whole.load()
    total = len(data.y) + (len(part.load_test().y) if part.load_test else 0)
    assert part.examples == total, "known before anything is loaded"
    for label in range(3):
        np.testing.assert_array_equal(data.x[data.y == label], all_of_it.x[all_of_it.y == label + 2])
    assert whole.made_with({}) == whole == whole.made_with({"classes": whole.classes})
    assert whole.key == (name, whole.examples), "as before there were any to choose"


def test_no_test_example_is_a_training_example_of_the_whole_or_of_other_classes():
    whole, preparation = DATASETS["digits"], Preparation(seed=3)
    part = whole.made_with({"classes": ("5", "7", "9")})
    of_whole, of_part = (split(data, preparation) for data in (whole, part))
    tested = np.isin(of_whole.y_test, (5, 7, 9))
    assert rows(of_part.x_test) == rows(of_whole.x_test[tested])
    assert not rows(of_part.x) & rows(of_whole.x_test)
    np.testing.assert_array_equal(examples_of_test(part, preparation).y, of_part.y_test)
    assert sorted(set(of_part.y.tolist())) == [0, 1, 2]


def test_a_run_from_other_classes_is_tested_on_nothing_that_its_start_has_seen():
    start = {"dataset_parameters": {"classes": []}, "seed": 3, "training_size": 0}
    config = RunConfig.from_dict({"dataset": "digits", "seed": 8, "training_size": 30, "epochs": 2,
                                  "dataset_parameters": {"classes": ["5", "6", "7"]},
                                  "start": {"config": start, "at": "kept"}})
    own, theirs = (split(one.data, one.preparation) for one in (config, config.start.config))
    assert not rows(own.x_test) & rows(theirs.x) and len(own.y) == 30
    other = config.replaced(seed=9)
    assert rows(split(other.data, other.preparation).x) != rows(own.x), "another draw of the thirty"
    assert RunConfig.from_dict(config.to_dict()) == config


@pytest.mark.parametrize("classes, words", [(["5"], "at least 2"), (["5", "ten"], "some of 0, 1"),
                                            ("56", "some of"), (list("00"), "at least 2")])
def test_what_is_refused(classes: object, words: str):
    with pytest.raises(FieldError, match=words) as caught:
        RunConfig.from_dict({"dataset": "digits", "dataset_parameters": {"classes": classes}})
    assert caught.value.field == "dataset_parameters.classes"
