"""The pictures are well-formed, show what they were given, and work in light and dark."""

import base64
import io
import itertools
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image

from core.catalog.activations import ACTIVATIONS
from core.charts.palette import CLASS_COLORS, RUN_COLORS
from core.charts.pictures import (
    MOST_POINTS,
    activation_plot,
    class_balance,
    image_strip,
    png,
    scatter,
    series_line,
)
from core.datasets import DATASETS

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("1")</script> & _x_'

# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
# deficiency", 2009, severity 1.0; for linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]]}


def svg(picture: str) -> ElementTree.Element:
    """The picture's root, after what holds for every picture."""
    assert "\n" not in picture, "a line break could end the HTML block in Markdown"
    (root,) = ElementTree.fromstring(picture)
    assert root.tag == SVG + "svg" and root.get("role") == "img" and root.get("aria-label")
    assert len(root.get("viewBox", "").split()) == 4
    for element in root.iter():
        assert element.tag not in (SVG + "script", SVG + "style") and element.get("id") is None
        if element.tag == SVG + "text":
            assert element.get("fill") == "currentColor"
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(SVG + "text")]


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=lambda one: one.name)
def test_activation_plot_draws_the_function_and_its_slope(activation):
    root = svg(activation_plot(activation, "#123456"))
    lines = {line.get("stroke"): line for line in root.iter(SVG + "polyline")}
    assert set(lines) == {"#123456", "currentColor"}
    assert lines["currentColor"].get("stroke-dasharray") and not lines["#123456"].get("stroke-dasharray")
    points = np.array([pair.split(",") for pair in lines["#123456"].get("points", "").split()], float)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    assert points.min() >= 0 and points[:, 0].max() <= width and points[:, 1].max() <= height
    # 20 units of the picture are 1: between the ends of the line, the function rises by as much.
    first, last = points[0, 0] / 20 - 4.8, points[-1, 0] / 20 - 4.8
    rise = activation.function(np.array(last)) - activation.function(np.array(first))
    assert (points[0, 1] - points[-1, 1]) / 20 == pytest.approx(float(rise), abs=0.02)


def test_class_balance_has_bars_as_long_as_counts():
    root = svg(class_balance(["a", NASTY, "c"], [50, 100, 0], CLASS_COLORS))
    widths = [float(bar.get("width", "")) for bar in root.iter(SVG + "rect")]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.01) and widths[2] == 0
    assert [bar.get("fill") for bar in root.iter(SVG + "rect")] == list(CLASS_COLORS[:3])
    assert {"a", NASTY, "50", "100", "0"} <= set(texts(root))
    svg(class_balance([], [], CLASS_COLORS))
    svg(class_balance(["a"], [0], CLASS_COLORS))


def test_scatter_has_a_dot_for_each_example_in_its_class_colour():
    root = svg(scatter(np.array([0.0, 1, 2, 3]), np.array([0.0, 0, 5, 9]), np.array([0, 1, 1, 3]),
                       CLASS_COLORS, NASTY, "width (cm)"))
    dots = {path.get("stroke"): re.findall(r"M([\d.]+) ([\d.]+)h0", path.get("d", ""))
            for path in root.iter(SVG + "path") if path.get("stroke-linecap")}
    assert {color: len(dot) for color, dot in dots.items()} == {
        CLASS_COLORS[0]: 1, CLASS_COLORS[1]: 2, CLASS_COLORS[3]: 1}
    (first,), (last,) = dots[CLASS_COLORS[0]], dots[CLASS_COLORS[3]]
    assert float(first[0]) < float(last[0]) and float(first[1]) > float(last[1])
    assert {NASTY, "width (cm)"} <= set(texts(root))


def test_scatter_of_much_nothing_and_one_value():
    rng = np.random.default_rng(0)
    many = scatter(rng.normal(size=5000), rng.normal(size=5000), rng.integers(0, 10, 5000), CLASS_COLORS,
                   "x", "y")
    assert many.count("h0") == MOST_POINTS
    assert "No examples" in texts(svg(scatter(np.zeros(0), np.zeros(0), np.zeros(0, int), CLASS_COLORS,
                                              "x", "y")))
    assert "nan" not in scatter(np.ones(3), np.ones(3), np.zeros(3, int), CLASS_COLORS, "x", "y")


def test_scatter_of_numbers_speaks_of_no_classes():
    label = svg(scatter(np.arange(3.0), np.arange(3.0), np.zeros(3, int), CLASS_COLORS, "x", "y"))
    assert label.get("aria-label") == "y over x"


def test_series_line_follows_the_values():
    root = svg(series_line(np.array([0.0, 2, 1, 0]), "#123456", "week", NASTY))
    (line,) = root.iter(SVG + "polyline")
    points = np.array([pair.split(",") for pair in line.get("points", "").split()], float)
    assert line.get("stroke") == "#123456" and {"week", NASTY} <= set(texts(root))
    # Steps as far apart as another; up is up, and half as high is half as high.
    np.testing.assert_allclose(np.diff(points[:, 0]), np.diff(points[:, 0])[0], atol=0.11)
    heights = points[0, 1] - points[:, 1]
    np.testing.assert_allclose(heights / heights[1], [0, 1, 0.5, 0], atol=0.01)
    long = svg(series_line(np.sin(np.arange(5000)), "#123456", "x", "y"))
    (line,) = long.iter(SVG + "polyline")
    assert len(line.get("points", "").split()) == MOST_POINTS
    assert "nan" not in series_line(np.ones(4), "#123456", "x", "y")
    svg(series_line(np.zeros(0), "#123456", "x", "y"))


def test_image_strip_shows_colours():
    images = np.random.default_rng(1).integers(0, 256, (3, 5, 6, 3), np.uint8)
    root = svg(image_strip(images, ["a", "b", "c"]))
    for element, image in zip(root.iter(SVG + "image"), images, strict=True):
        data = base64.b64decode(element.get("href", "").removeprefix("data:image/png;base64,"))
        np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), image)


@pytest.mark.parametrize("name", ["digits", "fashion_mnist", "cifar10"])
def test_the_names_below_images_stay_apart(name):
    classes = DATASETS[name].classes
    root = svg(image_strip(np.zeros((len(classes), 4, 4), np.uint8), classes))
    places = [(*(float(element.get(key, "")) for key in ("y", "x", "font-size")), element.text or "")
              for element in root.iter(SVG + "text")]
    # Half of an em a letter is what small letters take on the average.
    for (y, x, size, text), (other_y, other_x, _, other) in itertools.pairwise(sorted(places)):
        assert y != other_y or other_x - x >= (len(text) + len(other)) / 2 * size * 0.5
    width = float(root.get("viewBox", "").split()[2])
    assert all(size * 0.25 * len(text) <= x <= width - size * 0.25 * len(text) for _, x, size, text in places)


def test_image_strip_carries_the_pixels():
    images = np.random.default_rng(0).integers(0, 256, (12, 8, 6), np.uint8)
    root = svg(image_strip(images, [f"class {index}" for index in range(12)]))
    found = list(root.iter(SVG + "image"))
    assert texts(root) == [f"class {index}" for index in range(12)]
    for element, image in zip(found, images, strict=True):
        data = base64.b64decode(element.get("href", "").removeprefix("data:image/png;base64,"))
        np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), image)
    assert len({(element.get("x"), element.get("y")) for element in found}) == 12
    svg(image_strip(np.zeros((0, 8, 8), np.uint8), []))


def test_png_of_colours():
    image = np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8)
    data = base64.b64decode(png(image).removeprefix("data:image/png;base64,"))
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), image)


def linear(color: str) -> np.ndarray:
    """Linear RGB of a hex colour (IEC 61966-2-1)."""
    srgb = np.array([int(color[place:place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    light = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def lab(color: str, blindness: str) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as somebody with this blindness sees it."""
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                       [0.0193339, 0.1191920, 0.9503041]])
    seen = np.clip(np.array(BLINDNESS[blindness]) @ linear(color), 0, 1)
    ratio = to_xyz @ seen / [0.95047, 1, 1.08883]
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("colors, count", [(CLASS_COLORS, 10), (RUN_COLORS, 8)])
def test_colours_are_told_apart_by_everyone_on_both_backgrounds(colors, count):
    assert len(set(colors)) == count
    for color in colors:
        assert contrast(color, "#ffffff") >= 1.9 and contrast(color, "#0e1117") >= 3
    for blindness in BLINDNESS:
        for one, other in itertools.combinations(colors, 2):
            # 2.3 is just noticeable side by side.
            assert np.linalg.norm(lab(one, blindness) - lab(other, blindness)) > 12, (blindness, one, other)
