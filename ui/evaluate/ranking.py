"""Ratings: the lists that the network makes, and its errors by the number of ratings."""

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.recommended import errors_by_ratings, hits_by_length
from core.charts.style import LEGEND
from core.datasets import Split
from core.datasets.pairs import Items
from core.datasets.splits import split
from core.formatting import amount, number, percent
from core.metrics.errors_by_count import errors_by_count, training_counts
from core.metrics.ranked_items import MOST, RankedItems
from core.metrics.test_report import TestReport
from ui.chart import chart
from ui.messages import plain

RATED = 10


def totals(found: TestReport) -> None:
    """How well the network ranks, beside the errors of its ratings."""
    ranked, dataset = found.answers.ranked, found.dataset
    if ranked is None:
        return
    user, item = dataset.features
    with st.container(horizontal=True, key="ranking_totals"):
        st.metric(f"Hit rate at {MOST}", percent(ranked.hit_rate), help=f"The share of {user}s whose liked "
                  f"{item} is among the first {MOST} recommendations. The network never saw that rating.")
        st.metric(f"NDCG at {MOST}", number(ranked.ndcg), help=f"Like the hit rate, but a {item} further "
                  "down counts less: the mean of 1 / log2(1 + place), 0 beyond the list. 1: always first.")
        if dataset.floor is not None:
            st.metric("Lowest possible RMSE", number(dataset.floor().rmse), help="Of a prediction that knows "
                      "the truth behind the ratings. What is left is noise, and rounding to whole stars.")
    st.caption(_left_out(found, ranked))


def _left_out(found: TestReport, ranked: RankedItems) -> str:
    user, item = found.dataset.features
    unknown = int((ranked.places == 0).sum())
    said = (f"Hit rate and NDCG: for each {user}, one {item} that the {user} likes is kept out of training, "
            f"validation and test. The network ranks it among all {item}s that the {user} has not rated, "
            f"{ranked.among:.0f} on average. {amount(len(ranked.places), user)} counted. Left out: {user}s "
            f"who like nothing or have a single rating, and {item}s without any training rating")
    said += f"; {unknown} of the liked {item}s have none and count as missed." if unknown else "."
    if len(ranked.places) < ranked.of:
        said += f" Of {ranked.of:,} {user}s, {len(ranked.places):,} were drawn at random to save time."
    return said


def draw(found: TestReport) -> None:
    """How soon the liked items come, and the list of one user."""
    ranked, user = found.answers.ranked, found.dataset.features[0]
    if ranked is None or not len(ranked.places):
        st.info(f"There is nothing to rank: no {user} has two ratings, one of them high.")
        return
    left, right = st.columns(2, gap="large")
    with left:
        figure = hits_by_length(ranked)
        st.subheader("How soon the liked one comes")
        st.caption(f"The dashed line is the hit rate at {MOST}")
        chart("hits_by_length", figure | {"layout": figure["layout"] | LEGEND}, 380)
    with right:
        st.subheader("One list")
        _list(found, ranked, split(found.dataset, found.preparation))


def _list(found: TestReport, ranked: RankedItems, data: Split) -> None:
    user, item = found.dataset.features
    called = found.dataset.items() if found.dataset.items else Items(())
    row = st.selectbox(user.capitalize(), range(len(ranked.liked)), key="ranked_user", format_func=lambda
                       place: f"{user.capitalize()} {called.user(int(ranked.liked[place, 0]))}")
    number_of, liked = ranked.liked[row].tolist()
    names = called.names

    def name(number: int) -> str:
        return names[number - 1] if 0 < number <= len(names) else f"{item} {number}"

    mine = np.flatnonzero(data.x_train[:, 0] == number_of)
    best = mine[np.argsort(-data.y_train[mine, 0], kind="stable")][:RATED]
    rated = [name(int(number)) for number in data.x_train[best, 1]]
    shown = [name(int(number)) for number in ranked.top[row] if number]
    rows = max(len(rated), len(shown))
    st.dataframe(pd.DataFrame({
        "Place": range(1, rows + 1), "Recommended": shown + [""] * (rows - len(shown)),
        "Rated highest in training": rated + [""] * (rows - len(rated))}), hide_index=True, height="content",
        key="ranked_list")
    place = int(ranked.places[row])
    st.markdown(f"Kept out: **{plain(name(liked))}**, liked. The network puts it in place {place:,}." if place
                else "What was kept out, and liked, training has never seen.")


def draw_by_count(found: TestReport) -> None:
    """Are users and items with many ratings predicted better?"""
    data, floor = split(found.dataset, found.preparation), found.dataset.floor
    off = (found.y.astype(float) - found.outputs)[:, 0]
    places = st.columns(2, gap="large")
    for column, whose in enumerate(found.dataset.features):
        with places[column]:
            st.subheader(f"By the ratings of the {whose}")
            st.caption(f"Test ratings, grouped by how many training ratings their {whose} has")
            groups = errors_by_count(training_counts(data, column), off)
            lowest = floor().rmse if floor else None
            chart(f"errors_by_{column}", errors_by_ratings(groups, whose, lowest), 380)
