"""Networks that give back their input: the errors of all test examples, and the largest ones."""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.errors import errors_by_class, histogram
from core.charts.pictures import png
from core.formatting import number
from core.metrics.test_report import TestReport
from ui.chart import chart
from ui.messages import plain

IMAGES, ROWS = 24, 20


def totals(found: TestReport) -> None:
    """The error over all test examples."""
    errors = found.outputs[:, 0]
    with st.container(horizontal=True, key="totals"):
        st.metric("Error", number(float(errors.mean())), help="The root of the mean squared difference "
                  "between an example and what the network gives back, averaged over the examples; in the "
                  "units that the network sees: pixels from 0 to 1, other values in standard deviations.")
        st.metric("Median error", number(float(np.median(errors))),
                  help="Half of the examples have a smaller error.")
        st.metric("Largest error", number(float(errors.max())))
    st.caption(f"{len(errors):,} test examples, which the network never trained on.")


def draw(found: TestReport) -> None:
    """All errors, and where there are classes, the error of each."""
    errors, data = found.outputs[:, 0].astype(float), found.dataset.labelled
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Errors")
        st.caption("An example far to the right is unlike those that the network learned from")
        chart("reconstruction_errors", histogram(errors, "Error of a test example", data.key), 380)
    if data.classes:
        with right:
            st.subheader("Error of each class")
            st.caption("The network never saw the classes. Which of them is the hardest to reconstruct?")
            chart("errors_by_class", errors_by_class(errors, found.y, data.classes), 380)


def draw_worst(found: TestReport) -> None:
    """The inputs with the largest errors."""
    errors, data = found.outputs[:, 0], found.dataset.labelled
    order = np.argsort(-errors, kind="stable")
    st.markdown("The test examples with the largest errors come first.")
    if data.is_image:
        pictures = "".join(_figure(found, int(index)) for index in order[:IMAGES])
        st.html(f'<div class="evaluated-gallery">{pictures}</div>')
        return
    rows = order[:ROWS]
    table = pd.DataFrame({"Example": rows + 1, "Error": [number(float(errors[row])) for row in rows]})
    if data.classes:
        table["Class"] = [data.classes[int(found.y[row])] for row in rows]
    if not data.is_series:
        names = [f"{name} (input)" if name in table else name for name in data.features]
        inputs = pd.DataFrame([[float(str(value)) for value in row] for row in found.test.x[rows]],
                              columns=names)
        table = pd.concat([table, inputs], axis=1)
    st.dataframe(table, hide_index=True, height="content", key="rows_reconstructed")


def _figure(found: TestReport, index: int) -> str:
    data, error = found.dataset.labelled, number(float(found.outputs[index, 0]))
    bright = np.rint(found.test.x[index] * (255 / (data.pixel_maximum or 255))).astype(np.uint8)
    image = bright[..., 0] if bright.shape[-1] == 1 else bright
    name = plain(data.classes[int(found.y[index])])
    alt = f"Test example {index + 1}: {data.classes[int(found.y[index])]}, error {error}"
    return (f'<figure><img src="{png(image)}" alt="{escape(alt)}" title="{escape(alt)}">'
            f"<figcaption>{escape(name)}<br>{error}</figcaption></figure>")
