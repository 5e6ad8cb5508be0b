"""Networks that give back their input: the errors of all test examples, and the worst reconstructions."""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.errors import errors_by_class, histogram
from core.charts.pictures import png, two_lines
from core.charts.reconstructed import visible
from core.formatting import number
from core.metrics.network import Reconstructed
from core.metrics.test_report import TestReport
from ui.chart import chart
from ui.messages import plain


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
        learned = ", ".join(plain(data.classes[place]) for place in data.normal)
        with right:
            st.subheader("Error of each class")
            st.caption(f"The network learned from these alone: {learned}" if learned else
                       "The network never saw the classes. Which of them is the hardest to reconstruct?")
            chart("errors_by_class", errors_by_class(errors, found.y, data.classes), 380)


def draw_worst(found: TestReport) -> None:
    """The examples with the largest errors: what went in and what came back."""
    worst, data = found.answers.worst, found.dataset.labelled
    if worst is None:
        return
    st.markdown("The test examples with the largest errors come first. "
                + ("Each has three pictures: input, output, and how far they are apart." if data.is_image else
                   "Line: the input; dashed: the output." if data.is_series else
                   "The last columns say which input is furthest off, in standard deviations."))
    if data.is_image or data.is_series:
        draw = _image if data.is_image else _line
        pictures = "".join(_figure(found, int(index), draw(found, place))
                           for place, index in enumerate(worst.indices))
        st.html(f'<div class="evaluated-gallery reconstructed">{pictures}</div>')
        return
    st.dataframe(_rows(found, worst), hide_index=True, height="content", key="rows_reconstructed")


def _rows(found: TestReport, worst: Reconstructed) -> pd.DataFrame:
    """The worst rows of a table: error, class, the input furthest off with what came back, and all inputs."""
    data, errors, rows = found.dataset.labelled, found.outputs[:, 0], worst.indices
    table = pd.DataFrame({"Example": rows + 1, "Error": [number(float(errors[row])) for row in rows]})
    if data.classes:
        table["Class"] = [data.classes[int(found.y[row])] for row in rows]
    furthest = np.abs(worst.given - worst.made).argmax(1)
    table["Furthest off"] = [data.features[place] for place in furthest]
    for name, values in (("Input", worst.given), ("Output", worst.made)):
        table[name] = [number(float(row[place])) for row, place in zip(values, furthest, strict=True)]
    names = [f"{name} (input)" if name in table else name for name in data.features]
    inputs = pd.DataFrame([[float(str(value)) for value in row] for row in found.test.x[rows]], columns=names)
    return pd.concat([table, inputs], axis=1)


def _figure(found: TestReport, index: int, source: str) -> str:
    """source: of the picture."""
    data, error = found.dataset.labelled, number(float(found.outputs[index, 0]))
    name = data.classes[int(found.y[index])] if data.classes else ""
    said = f"{escape(name)}, " if name else ""
    alt = f"Test example {index + 1}{name and f', {name}'}: input and output, error {error}"
    return (f'<figure><img src="{source}" alt="{escape(alt)}" title="{escape(alt)}">'
            f"<figcaption>{said}error {error}</figcaption></figure>")


def _image(found: TestReport, place: int) -> str:
    """Input, output and error side by side."""
    worst = found.answers.worst
    assert worst is not None
    most = max(1.0, float(worst.given.max()))  # pixels that are not scaled go further than 1
    given, made = (np.clip(values[place] / most, 0, 1).reshape(found.dataset.shape)
                   for values in (worst.given, worst.made))
    whole = np.concatenate([*(np.rint(255 * part).astype(np.uint8) for part in (given, made)),
                            visible(np.abs(given - made))], axis=1)
    return png(whole[..., 0] if whole.shape[-1] == 1 else whole)


def _line(found: TestReport, place: int) -> str:
    worst, channels = found.answers.worst, found.dataset.shape[-1]
    assert worst is not None
    return two_lines(worst.given[place, ::channels], worst.made[place, ::channels])
