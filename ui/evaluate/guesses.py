"""Networks that guess hidden words: how many they guess, which ones, and the most confident mistakes."""

import pandas as pd
import streamlit as st

from core.charts.guessed import GAP, guessed_by_rank
from core.datasets.hidden_words import with_gap
from core.datasets.words import WORDS
from core.formatting import number, percent
from core.metrics.intervals import wilson
from core.metrics.test_report import TestReport
from core.runs.evaluations import Evaluation
from core.runs.guesses import GUESSES
from ui.chart import chart


def totals(found: TestReport) -> None:
    """The share of all hidden words that are guessed."""
    count, right, told = len(found.guessed), int(found.guessed.sum()), found.guesses
    low, high = wilson(right, count)
    with st.container(horizontal=True, key="totals"):
        st.metric("Guessed", percent(right / count), help="How often the likeliest word is the hidden one. "
                  "The interval is Wilson's, of 95 %.")
        st.metric(f"Among the {GUESSES} likeliest", percent(told.among))
        st.metric(f"Always “{told.usual}”", percent(told.guess),
                  help="So many are right without reading the sentence.")
        st.metric("Loss", number(found.loss), help="Minus the logarithm of the hidden word's probability, on "
                  "average.")
    st.caption(f"One hidden word in each of {count:,} test sentences, which the network never trained on. "
               f"With this many, the 95 % interval is {percent(low)} to {percent(high)}.")


def draw(found: TestReport) -> None:
    """The share that is guessed of frequent and rare words, and the most confident mistakes."""
    left, right = st.columns(2, gap="large")
    evaluation = Evaluation(0, found.outputs[:0, :0].astype(int), len(found.guessed), found.loss,
                            float(found.guessed.mean()), True, guesses=found.guesses)
    with left:
        figure = guessed_by_rank(evaluation)
        st.subheader(figure["title"])
        st.caption(figure["note"])
        chart("guessed_by_rank", figure, 380)
    with right:
        st.subheader("Confident mistakes")
        unit = dict(found.dataset.values).get("unit", WORDS)
        # The sentence comes last: where there is no room for all of it, both words are still in sight.
        rows = [(f"{one.words[0]}, {percent(one.shares[0])}", one.word,
                 with_gap(str(found.test.x[one.index]), one.gap, unit, GAP))
                for one in found.guesses.shown if not one.right]
        st.dataframe(pd.DataFrame(rows, columns=["Guess", "Hidden word", "Sentence"]), hide_index=True,
                     height="content", key="rows_guesses")
