"""Single test examples with their predictions, in a gallery or a table, and the way to one on the stage."""

from functools import partial
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.pictures import png
from core.formatting import number, percent
from core.metrics.test_report import TestReport
from ui.live import commands, panel

IMAGES, ROWS = 24, 20


def draw(found: TestReport, chosen: np.ndarray, key: str, name_both: bool = False) -> None:
    """The test examples `chosen`, int (k,): the first few, and more at each press of a button.

    key: the button's. name_both: whether a picture's caption has the true class as well as the predicted one.
    """
    at_once = IMAGES if found.dataset.is_image else ROWS
    most = at_once * st.session_state.get(f"_pages_{key}", 1)
    shown = chosen[:most]
    if found.dataset.is_image:
        st.html(_gallery(found, shown, name_both))
    else:
        st.dataframe(_rows(found, shown), hide_index=True, height="content", key=f"rows_{key}",
                     selection_mode="single-row", on_select=partial(_take_row, key, shown))
    if len(chosen) > most:
        st.button(f"Show more ({len(chosen) - most:,} left)", key=f"more_{key}", on_click=_more, args=(key,))
    _lead(found, shown, key)


def _more(key: str) -> None:
    st.session_state[f"_pages_{key}"] = 2 * st.session_state.get(f"_pages_{key}", 1)


def _lead(found: TestReport, shown: np.ndarray, key: str) -> None:
    """Choose one of the examples, and go to the stage with it."""
    own, numbers = f"example_{key}", shown.tolist()
    if st.session_state.get(own) not in numbers:
        st.session_state[own] = numbers[0]
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"lead_{key}"):
        example = st.selectbox("Example", numbers, key=own, width=260, format_func=partial(_named, found))
        if st.button("Show on the stage", key=f"stage_{key}", icon=":material/play_circle:",
                     help="Opens the Playground, where the network and Try it show this example."):
            commands.obey(panel.stage(), "view", {"example": example})
            st.switch_page("pages/playground.py")


def _named(found: TestReport, index: int) -> str:
    """`58: 4 → 9`; a browser may ask for an example that does not exist."""
    if not found.dataset.classes or not 0 <= index < len(found.y):
        return f"{index + 1}"
    true, predicted = (found.dataset.classes[int(labels[index])] for labels in (found.y, found.predicted))
    return f"{index + 1}: {true}" if true == predicted else f"{index + 1}: {true} → {predicted}"


def _take_row(key: str, shown: np.ndarray) -> None:
    """The row that was clicked on is the one to go to."""
    rows = st.session_state[f"rows_{key}"].selection.rows
    if rows and 0 <= rows[0] < len(shown):
        st.session_state[f"example_{key}"] = int(shown[rows[0]])


def _gallery(found: TestReport, chosen: np.ndarray, name_both: bool) -> str:
    return (f'<div class="evaluated-gallery">'
            f'{"".join(_figure(found, int(index), name_both) for index in chosen)}</div>')


def _figure(found: TestReport, index: int, name_both: bool) -> str:
    data, label = found.dataset, int(found.predicted[index])
    names = [data.classes[int(found.y[index])], data.classes[label]]
    sure = percent(float(found.outputs[index, label]), 0)
    alt = f"Test example {index + 1}: {names[0]}, predicted as {names[1]} with {sure}"
    words = f"{escape(names[0])} → {escape(names[1])}<br>{sure}" if name_both else sure
    return (f'<figure><img src="{png(_pixels(found, index))}" alt="{escape(alt)}" title="{escape(alt)}">'
            f"<figcaption>{words}</figcaption></figure>")


def _pixels(found: TestReport, index: int) -> np.ndarray:
    """An image as greys or colours from 0 to 255: uint8 (height, width) or (height, width, 3)."""
    image, maximum = found.test.x[index], found.dataset.pixel_maximum or 255
    bright = np.rint(image * (255 / maximum)).astype(np.uint8)
    return bright[..., 0] if bright.shape[-1] == 1 else bright


def _rows(found: TestReport, chosen: np.ndarray) -> pd.DataFrame:
    """One row per example: its number in the test set, true, predicted, confidence or error, its inputs."""
    data, table = found.dataset, pd.DataFrame({"Example": chosen + 1})
    if data.classes:
        predicted = found.predicted[chosen]
        table["True"] = [data.classes[label] for label in found.y[chosen]]
        table["Predicted"] = [data.classes[label] for label in predicted]
        table["Probability"] = [percent(float(found.outputs[index, label]))
                                for index, label in zip(chosen, predicted, strict=True)]
    else:
        table = pd.concat([table, _numbers(found, chosen)], axis=1)
    if data.is_series:
        return table
    if data.is_text:
        return table.assign(Sentence=found.test.x[chosen])
    # float32 4.9 is 4.900000095 as a Python float; its shortest decimal is the measured value.
    inputs = pd.DataFrame([[float(str(value)) for value in row] for row in found.test.x[chosen]],
                          columns=[f"{name} (input)" if name in table else name for name in data.features])
    return pd.concat([table, inputs], axis=1)


def _numbers(found: TestReport, chosen: np.ndarray) -> pd.DataFrame:
    """True and predicted numbers; for several steps ahead, a pair of columns each."""
    several, columns = found.y.shape[1] > 1, {}
    for place in range(found.y.shape[1]):
        ahead = f" {place + 1} ahead" if several else ""
        columns[f"True{ahead}"] = [number(target) for target in found.y[chosen, place]]
        columns[f"Predicted{ahead}"] = [number(output) for output in found.outputs[chosen, place]]
    off = found.y[chosen].astype(np.float64) - found.outputs[chosen]
    told = np.abs(off).mean(1) if several else off[:, 0]
    word = "Mean error" if several else "True - predicted"
    return pd.DataFrame({**columns, word: [number(error) for error in told]})
