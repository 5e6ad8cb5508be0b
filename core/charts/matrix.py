"""The confusion matrix as a heatmap: errors in colour, the diagonal in grey."""

from collections.abc import Sequence

import numpy as np

from core.charts.style import ERROR, TEXT, TICK, empty_message, layout, mixed, names_axis, short
from core.formatting import Figure, amount, every, percent, rounded
from core.runs.evaluations import Evaluation

FEW_CLASSES = 5  # up to here a cell has room for two lines of text
# Shares of a row and how much of the colour they get: fixed, so that a colour always means the same
# share, and steep at first, so that two errors in a hundred are seen.
SCALE = ((0.0, 0.0), (0.001, 0.14), (0.02, 0.3), (0.1, 0.55), (0.3, 0.8), (1.0, 1.0))
GREY = 0.16  # of the text's colour, on a diagonal where all are right


def confusion_matrix(evaluation: Evaluation | None, classes: Sequence[str]) -> Figure:
    """Counts and shares of each true class (rows) by predicted class (columns).

    Returns traces, layout, a note with the number of examples, and a sentence that describes it.
    """
    few, figure = len(classes) <= FEW_CLASSES, _frame(classes)
    if evaluation is None:
        figure["annotations"] = [empty_message("Predictions on the test set appear here")]
        return {"traces": [], "layout": figure, "note": "", "about": "The confusion matrix; empty yet."}
    matrix = np.asarray(evaluation.matrix)
    traces = [_heatmap(matrix, classes, few, _shares(matrix, 1))]
    wrong = int(matrix.sum() - np.trace(matrix))
    about = f"Confusion matrix: {wrong} of {evaluation.examples} test examples are predicted wrongly."
    return {"traces": traces, "layout": figure, "about": about, "note": counted(evaluation)}


# What the cells of `cell_matrix` show: counts, or shares of a row or column.
KINDS = ("counts", "by row", "by column")


def cell_matrix(matrix: np.ndarray, classes: Sequence[str], kind: str,
                chosen: tuple[int, int] | None = None) -> Figure:
    """A confusion matrix to click on. matrix: int (classes, classes). kind: one of `KINDS`.

    By row, a cell shows its share of the true class (on the diagonal, the recall); by column, its share of
    what was predicted (the precision). Counts are coloured by row. chosen: the cell (true, predicted) that
    gets a frame. Returns traces, layout and a sentence that describes it.
    """
    matrix = np.asarray(matrix)
    shares = _shares(matrix, int(kind != "by column"))
    figure = _frame(classes)
    trace = _heatmap(matrix, classes, False, shares)
    trace["textfont"] = {"size": 16 if len(classes) <= FEW_CLASSES else 12}
    if kind != KINDS[0]:
        digits = int(len(classes) <= FEW_CLASSES)  # with more classes, a cell has no room for decimals
        trace["text"] = [[percent(share, digits) if count else "" for count, share in zip(*row, strict=True)]
                         for row in zip(matrix, shares, strict=True)]
    if chosen is not None:
        row, column = chosen
        figure["shapes"] = [{"type": "rect", "x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5,
                             "y1": row + 0.5, "line": {"color": TEXT, "width": 2}}]
    wrong = int(matrix.sum() - np.trace(matrix))
    return {"traces": [trace], "layout": figure,
            "about": f"Confusion matrix, {kind}: {wrong} of {int(matrix.sum())} test examples are predicted "
                     "wrongly. Click a cell to see its examples."}


def counted(evaluation: Evaluation) -> str:
    """Which test examples an evaluation counts, in words."""
    if evaluation.complete:
        return every(evaluation.examples, "test example")
    if not evaluation.total:
        return amount(evaluation.examples, "test example")
    return f"{evaluation.examples:,} of {amount(evaluation.total, 'test example')}"


def _frame(classes: Sequence[str]) -> Figure:
    """The layout: one row per true class from the top, one column per predicted class."""
    ends = [-0.5, len(classes) - 0.5]
    x = names_axis("Predicted class", classes, range=ends, automargin=True)
    y = names_axis("True class", classes, range=ends[::-1], automargin=True)
    return layout(f"matrix {'|'.join(classes)}", x, y, margin={"l": 60, "r": 14, "t": 12, "b": 50})


def _shares(matrix: np.ndarray, axis_: int) -> np.ndarray:
    """Shares of each row (axis 1) or column (axis 0); 0 in an empty one."""
    return matrix / np.maximum(matrix.sum(axis=axis_, keepdims=True), 1)


def _heatmap(matrix: np.ndarray, classes: Sequence[str], few: bool, shares: np.ndarray) -> Figure:
    """One heatmap of shares of a row or column. The diagonal is negated, because the scale is grey there."""
    signed = np.where(np.eye(len(matrix), dtype=bool), -shares, shares)
    return {"type": "heatmap", "x": list(classes), "y": list(classes), "xgap": 2, "ygap": 2,
            "z": [rounded(row) for row in signed], "zmin": -1, "zmax": 1, "showscale": False,
            "text": [[_label(*cell, few) for cell in zip(*row, strict=True)]
                     for row in zip(matrix, shares, strict=True)],
            "texttemplate": "%{text}", "textfont": {"size": 13 if few else 11},
            **cell_hover(classes, [[f"{count} ({percent(share)})" for count, share in zip(*row, strict=True)]
                               for row in zip(matrix, shares, strict=True)]),
            "colorscale": [[(1 - share) / 2, mixed(TEXT, GREY * much)] for share, much in SCALE[::-1]]
            + [[(1 + share) / 2, mixed(ERROR, much)] for share, much in SCALE]}


def cell_hover(classes: Sequence[str], said: list[list[str]]) -> Figure:
    """The hover of cells: class names as on the axes, or in full if an axis has to shorten them."""
    if all(short(label, TICK) == label for label in classes):
        return {"customdata": said, "hovertemplate": "%{y} predicted as %{x}: %{customdata}<extra></extra>"}
    whole = [[f"{true}\npredicted as {predicted}\n{cell}"
              for predicted, cell in zip(classes, row, strict=True)]
             for true, row in zip(classes, said, strict=True)]
    return {"customdata": whole, "hovertemplate": "%{customdata}<extra></extra>"}


def _label(count: int, share: float, few: bool) -> str:
    if few:
        return f"{count}\n{percent(share)}"
    return str(count) if count else ""
