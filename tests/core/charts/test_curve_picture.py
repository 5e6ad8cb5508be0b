"""A small curve: its numbers, its dot, and gaps where there is nothing to draw."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from core.charts.curve_picture import HEIGHT, LEFT, TOP, WIDTH, PictureAxis, curve_picture


def drawn(html: str) -> ElementTree.Element:
    """The picture as a browser would read it."""
    return ElementTree.fromstring(html)


def line(html: str) -> list[tuple[str, float, float]]:
    """Each stop of the curve: M where it begins anew, L where it goes on, and the place in pixels."""
    path = next(element.get("d") or "" for element in drawn(html).iter() if element.get("stroke-linejoin"))
    return [(sign, float(x), float(y)) for sign, x, y in re.findall(r"([ML])([\d.-]+) ([\d.-]+)", path)]


def words(html: str) -> list[str]:
    return [element.text or "" for element in drawn(html).iter() if element.tag.endswith("text")]


def test_it_goes_from_corner_to_corner():
    html = curve_picture([0, 1, 2], [5, 6, 7], PictureAxis("Epoch"), PictureAxis("Learning rate"))
    stops = line(html)
    assert stops == [("M", LEFT, TOP + HEIGHT), ("L", LEFT + WIDTH / 2, TOP + HEIGHT / 2),
                     ("L", LEFT + WIDTH, TOP)]
    assert words(html) == ["5", "7", "0", "2", "Epoch", "Learning rate"]
    assert "Learning rate over epoch: from 5 to 7" in html


def test_a_logarithmic_axis_gives_each_decade_the_same_room():
    x = [0.001, 0.01, 0.1, 1.0]
    stops = line(curve_picture(x, [1, 2, 3, 4], PictureAxis("Learning rate", log=True), PictureAxis("Loss")))
    assert np.diff([stop[1] for stop in stops]) == pytest.approx(WIDTH / 3, abs=0.11)


def test_what_lies_outside_or_is_no_number_is_left_out():
    stops = line(curve_picture(range(5), [1, 2, np.nan, 2, 100], PictureAxis("x"), PictureAxis("y", high=3)))
    assert [stop[0] for stop in stops] == ["M", "L", "M"]


def test_the_mark_lies_on_its_place():
    html = curve_picture([0, 10], [0, 1], PictureAxis("x"), PictureAxis("y"), (5, 0.5))
    dot = next(element for element in drawn(html).iter() if element.tag.endswith("circle"))
    assert (float(dot.get("cx") or 0), float(dot.get("cy") or 0)) == (LEFT + WIDTH / 2, TOP + HEIGHT / 2)
    assert "marked at 5: 0.5" in html


@pytest.mark.parametrize("y", [[], [1.0], [0.0] * 4, [2.0] * 4, [np.nan] * 4, [1e-9, 1e9], [-1.0, 0.0]])
@pytest.mark.parametrize("log", [False, True])
def test_whatever_the_values_it_is_a_picture_of_numbers(y, log):
    html = curve_picture(range(len(y)), y, PictureAxis("x"), PictureAxis("y", log=log))
    assert drawn(html).tag == "div" and "nan" not in html and "inf" not in html
    for _, across, down in line(html):
        assert LEFT <= across <= LEFT + WIDTH and TOP <= down <= TOP + HEIGHT


def test_a_long_curve_is_thinned():
    assert len(line(curve_picture(range(10_000), range(10_000), PictureAxis("x"), PictureAxis("y")))) < 300
