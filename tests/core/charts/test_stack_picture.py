"""The drawing of a stack: every layer in words, its size in the picture."""

import re
import xml.etree.ElementTree as ElementTree

from core.charts.stack_picture import stack_picture

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("1")</script> & _x_'
STACK = [("Input", (32, 32, 3), None), ("Conv2D", (32, 32, 16), 448), ("MaxPooling2D", (16, 16, 16), 0),
         ("Flatten", (4096,), 0), ("Dense", (10,), 40970)]


def layers(picture: str) -> list[ElementTree.Element]:
    assert "\n" not in picture, "a line break could end the HTML block in Markdown"
    root = ElementTree.fromstring(picture)
    assert root.get("role") == "img" and "wrap" in root.get("style", "")
    assert all(one.tag == SVG + "svg" for one in root)
    for element in root.iter():
        assert element.tag not in (SVG + "script", SVG + "style") and element.get("id") is None
        if element.tag == SVG + "text":
            assert element.get("fill") == "currentColor" and float(element.get("font-size", "0")) >= 10
    return list(root)


def texts(tile: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in tile.iter(SVG + "text")]


def lengths(tile: ElementTree.Element) -> tuple[float, float, float]:
    """Width, height and depth of a block's picture."""
    path = next(tile.iter(SVG + "path")).get("d", "")
    away, width, height = re.findall(r"l([\d.]+) -[\d.]+h([\d.]+)v([\d.]+)", path)[0]
    return float(width), float(height), float(away)


def test_every_layer_has_its_words():
    tiles = layers(stack_picture(STACK))
    assert [texts(tile) for tile in tiles] == [
        ["Input", "32 x 32 x 3"], ["Conv2D", "32 x 32 x 16", "448 parameters"],
        ["MaxPooling2D", "16 x 16 x 16", "no parameters"], ["Flatten", "4096", "no parameters"],
        ["Dense", "10", "40,970 parameters"]]
    for tile in tiles:
        assert float(tile.get("width", "")) < 300, "a layer fits a narrow page"
    assert "Conv2D 32 x 32 x 16, 448 parameters" in stack_picture(STACK).split("style")[0]


def test_images_shrink_and_deepen_and_rows_narrow():
    first, convolution, pooled, flat, last = layers(stack_picture(STACK))
    assert lengths(first)[:2] == lengths(convolution)[:2] and lengths(first)[2] < lengths(convolution)[2]
    assert lengths(pooled)[0] < lengths(convolution)[0] and lengths(pooled)[2] == lengths(convolution)[2]
    assert lengths(first)[0] == lengths(first)[1], "a square is drawn as one"
    tall = [float(next(one.iter(SVG + "rect")).get("height", "")) for one in (flat, last)]
    assert tall[0] > 2 * tall[1]


def test_what_learns_is_in_colour():
    fills = [next(iter(tile)).get("fill") for tile in layers(stack_picture(STACK, "#123456"))]
    assert fills == ["currentColor", "#123456", "currentColor", "currentColor", "#123456"]


def test_series_are_sheets_with_their_steps():
    tiles = layers(stack_picture([("Input", (10, 1), None), ("LSTM", (10, 50), 10400), ("Dense", (1,), 51)]))
    wide = [float(next(tile.iter(SVG + "rect")).get("width", "")) for tile in tiles]
    high = [float(next(tile.iter(SVG + "rect")).get("height", "")) for tile in tiles]
    assert wide[0] == wide[1] > wide[2] and high[0] < high[1]
    assert next(tiles[0].iter(SVG + "path")).get("d", "").count("M") == 9


def test_odd_stacks():
    assert layers(stack_picture([])) == []
    (one,) = layers(stack_picture([(NASTY, (2, 3, 4, 5), 1)]))
    assert texts(one) == [NASTY, "2 x 3 x 4 x 5", "1 parameter"]
    layers(stack_picture([("Input", (), None), ("Nothing", (0,), 0), ("Flat", (1, 1, 1), 0)]))


def test_an_arrow_leads_to_every_next_layer():
    arrows = [any("m-4 -4" in path.get("d", "") for path in tile.iter(SVG + "path"))
              for tile in layers(stack_picture(STACK))]
    assert arrows == [True] * 4 + [False]
