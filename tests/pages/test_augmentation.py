"""The preview of augmented images: there when something changes them, new at a press."""

import time

import numpy as np

from core.datasets import DATASETS
from core.datasets.overview import glance
from core.runs.config import RunConfig
from ui.form.permalink import to_params
from ui.session import runs

GROUP = "augmentation_parameters"


def pictures(page) -> list[str]:
    return [element.value for element in page.at.markdown if "One augmented example of each" in element.value]


def open_augmented(open_page, **values):
    config = RunConfig(dataset="digits", augmentation_parameters=values)
    return open_page(**to_params(config)).open(GROUP)


def test_augmented_images_appear_and_are_drawn_again(open_page):
    page = open_augmented(open_page, rotation=90.0)
    page.until(lambda: pictures(page))
    first, = pictures(page)
    page.press("augmentation_again")
    page.until(lambda: pictures(page) and pictures(page) != [first])
    page.at.number_input(key="augmentation_rotation").set_value(0.0)
    page.run()
    assert not pictures(page) and "augmentation_again" not in {element.key for element in page.at.button}


def test_they_are_the_images_of_the_glance_mirrored_or_not(service):
    config = RunConfig(dataset="digits", augmentation_parameters={"flip": "horizontal"})
    images, seen = glance(DATASETS["digits"]).images, set()
    assert images is not None
    for draw in range(4):
        answer = None
        while answer is None:
            answer = runs.service().run_service.questions.augmented(config, draw)
            time.sleep(0.05)
        assert isinstance(answer, np.ndarray) and answer.dtype == np.uint8
        for image, changed in zip(images, answer, strict=True):
            mirrored = not np.array_equal(image, changed)
            if mirrored:
                np.testing.assert_array_equal(image[:, ::-1], changed)
            seen.add(mirrored)
    assert seen == {True, False}


def test_a_table_has_none(open_page):
    page = open_page(**to_params(RunConfig()))
    assert not any("augment" in (element.key or "") for element in page.at.button)
