"""Hidden words: test sentences with what a network guesses for the gap, and which words it guesses."""

from core.charts.palette import CLASS_COLORS
from core.charts.style import awaiting, layout, mixed, names_axis, shares_axis
from core.datasets.dataset import Arrays, Dataset
from core.datasets.hidden_words import with_gap
from core.formatting import Figure, amount, percent, shares
from core.runs.evaluations import Evaluation
from core.runs.guesses import GUESSES, Guess, Guesses

GAP, TITLE = "_____", "Words guessed, by frequency"


def band_names(found: Guesses) -> list[str]:
    """The ranks of each band of words in words: `1-10`, and at last `rarer`."""
    ends = [last for last, *_ in found.bands]
    return [f"{low + 1:,}-{high:,}" for low, high in zip((0, *ends), ends[:-1], strict=False)] + ["rarer"]


def guesses(dataset: Dataset, test: Arrays, evaluation: Evaluation) -> Figure:
    """Test sentences with a hidden word each, the same ones each time, and the likeliest words for it."""
    found = evaluation.guesses
    items = [] if found is None else [_item(one, dataset, test) for one in found.shown]
    right = sum(not item["wrong"] for item in items)
    return {"kind": "sentences", "items": items, "title": "Guesses",
            "about": f"{amount(len(items), 'test sentence')} with a hidden word, {right} of them guessed.",
            "note": "One hidden word in each"}


def _item(guess: Guess, dataset: Dataset, test: Arrays) -> Figure:
    text, likely = str(test.x[guess.index]), zip(guess.words, guess.shares, strict=True)
    return {"index": guess.index, "label": guess.word, "predicted": guess.words[0],
            "confidence": percent(guess.shares[0], 0), "wrong": not guess.right,
            "text": with_gap(text, guess.gap, dict(dataset.values).get("unit", ""), GAP),
            "more": "  ".join(f"{word} {percent(share, 0)}" for word, share in likely)}


def guessed_by_rank(evaluation: Evaluation | None) -> Figure:
    """The share of hidden words that are guessed, frequent and rare ones. Title, traces, layout, note."""
    found = evaluation.guesses if evaluation else None
    names = ["1-10", "11-100", "101-1,000", "rarer"] if found is None else band_names(found)
    figure = layout("guessed", names_axis("Rank of the hidden word", names),
                    shares_axis("Guessed", range=[0, 1.02]), barmode="overlay", hovermode="x unified")
    if found is None:
        figure = awaiting(figure, "How many of the hidden words are guessed appears here")
        return {"title": TITLE, "traces": [], "legend": [], "note": "", "about": f"{TITLE}; empty yet.",
                "layout": figure}
    counts = [count for _, count, _, _ in found.bands]
    near, right = ([band[place] / count if count else float("nan") for band, count in zip(
        found.bands, counts, strict=True)] for place in (3, 2))
    traces = [{"type": "bar", "name": f"among the {GUESSES} likeliest", "x": names, "y": shares(near),
               "marker": {"color": mixed(CLASS_COLORS[0], 0.35)}, "hovertemplate": "%{y:.1%}"},
              {"type": "bar", "name": "guessed", "x": names, "y": shares(right), "customdata": counts,
               "marker": {"color": CLASS_COLORS[0]}, "hovertemplate": "%{y:.1%} of %{customdata}"}]
    said = ", ".join(f"{name}: {percent(share)}" for name, share, count in zip(
        names, right, counts, strict=True) if count)
    return {"title": TITLE, "traces": traces, "legend": [], "layout": figure,
            "note": f"Pale: among the {GUESSES} likeliest",
            "about": f"The share of hidden words that is guessed, by the rank of the word. {said}."}
