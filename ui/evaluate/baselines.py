"""Classical methods beside the network, fitted one after another on request."""

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import streamlit as st

from core.catalog.baselines import BASELINES, baselines_for, task_of
from core.charts.curves import with_unit
from core.charts.palette import RUN_COLORS
from core.charts.standings import standings_chart
from core.cluster.queries import Refusal
from core.cluster.run_service import Refused
from core.datasets import Dataset, DatasetUnavailable
from core.datasets.splits import test_set
from core.formatting import number, percent
from core.metrics.baselines import Fitted
from core.metrics.leaderboard import (
    NETWORK,
    Candidate,
    LeaderboardRow,
    against,
    candidate,
    score_words,
    standing,
    verdict,
)
from core.metrics.network import NetworkAnswers
from core.metrics.ranked_items import MOST
from core.runs.config import RunConfig
from core.runs.run import Run
from core.views.status import duration
from ui.chart import chart
from ui.evaluate import pending
from ui.messages import plain, refuse
from ui.session import runs

ASKED = "_baselines"
LOOK_SECONDS = 0.5


@dataclass
class Asked:
    """The baselines that a learner asked for.

    Attributes:
        of: identifies the examples.
        found: answers received, by the method's name.
        rows: computed so far, by run and method: for numbers, each takes a few thousand draws.
    """

    of: Hashable
    found: dict[str, Fitted | Refusal] = field(default_factory=dict)
    rows: dict[tuple[str, ...], LeaderboardRow] = field(default_factory=dict)
    stopped: bool = False

    def missing(self, names: tuple[str, ...]) -> list[str]:
        return [name for name in names if name not in self.found]


def draw(run: Run) -> None:
    """The button, and the table and the chart of the methods fitted so far."""
    data = run.config.data
    names = baselines_for(task_of(data), data.is_text, data.is_pairs)
    prepared = ("as counts of their words, whatever the order," if data.is_text else
                "prepared in the same way,")
    st.markdown("Is a network worth it? Simpler methods, most of them from scikit-learn, fitted to the same "
                f"training examples, {prepared} and tested on the same test set.")
    if not names and data.guesses:
        st.info("These methods predict a label. This network guesses hidden words instead; the section Test "
                "set compares it with always guessing the most frequent word.")
        return
    if not names:
        st.info("These methods predict a label. This network gives back its input instead, so there is "
                "nothing to compare; the test report in the Playground compares it with always answering "
                "the mean. Choose normal classes (What to learn), and it is compared with methods that find "
                "anomalies.")
        return
    if not pending.ended(run):
        return
    asked = _asked(run.config)
    going = asked is not None and not asked.stopped and bool(asked.missing(names))
    with st.container(horizontal=True, key="fitting"):
        st.button("Fit the baselines", key="fit_baselines", type="primary", icon=":material/model_training:",
                  disabled=going or (asked is not None and not asked.missing(names)), on_click=_ask,
                  args=(run.config,))
        st.button("Stop", key="stop_baselines", icon=":material/stop:", on_click=_stop, disabled=not going,
                  help="No more methods are started. The current one still finishes, within seconds.")
    if asked is None:
        st.caption(f"{', '.join(BASELINES[name].label for name in names)}. Small datasets take a few "
                   "seconds. With a large dataset, each method gets as many examples as it can learn in "
                   "about ten seconds; the table says how many.")
        return
    awaited = going or _answers(run) is None
    st.fragment(_follow, run_every=LOOK_SECONDS if awaited else None)(run, asked, names, awaited)


def _ask(config: RunConfig) -> None:
    asked = _asked(config) or Asked(config.examples_key)
    asked.stopped = False
    st.session_state[ASKED] = asked


def _stop() -> None:
    st.session_state[ASKED].stopped = True


def _asked(config: RunConfig) -> Asked | None:
    """The request for exactly these examples; other networks trained on them share it."""
    asked = st.session_state.get(ASKED)
    return asked if asked is not None and asked.of == config.examples_key else None


def _follow(run: Run, asked: Asked, names: tuple[str, ...], awaited: bool) -> None:
    """Ask for one method after another, so that other learners get turns; show each row when done.

    awaited: whether a method was still missing when the page was drawn.
    """
    run_service = runs.service().run_service
    while not asked.stopped and (left := asked.missing(names)):
        found = run_service.questions.baseline(st.session_state[runs.OWNER], run.config, left[0])
        if found is None:
            break
        asked.found[left[0]] = found
    if awaited and (asked.stopped or not asked.missing(names)) and _answers(run) is not None:
        st.rerun()
    try:
        _show(run, asked, names)
    except DatasetUnavailable as error:
        refuse(str(error))


def _show(run: Run, asked: Asked, names: tuple[str, ...]) -> None:
    data, missing = run.config.data, asked.missing(names)
    test, classes = test_set(data, run.config.preparation), bool(data.classes)
    y = data.anomalous(test.y) if data.detects else test.y
    if data.detects and (not y.any() or y.all()):
        st.info("The test set has only one kind of example, so there is nothing to tell apart.")
        return
    rows = _rows(run, asked, y)
    if rows:
        said = verdict(rows, len(test.y))
        if said and not missing:
            st.markdown(f"**{plain(said)}**")
        title = ("Area under the ROC curve" if data.detects else "Test accuracy" if classes else
                 with_unit("Mean absolute error", data))
        chart("standings", standings_chart(rows, title, RUN_COLORS[run.slot % len(RUN_COLORS)], classes),
              70 + 34 * len(rows))
        st.table(pd.DataFrame([_row(row, data) for row in rows]), hide_index=True)
    if missing and not asked.stopped:
        place = runs.service().run_service.questions.baseline_place(run.config, missing[0])
        words = f"Number {place} in the queue" if place else "Fitting"
        st.caption(f":material/hourglass_top: {words}: {BASELINES[missing[0]].label.lower()}. "
                   f"{len(names) - len(missing)} of {len(names)} are done.")
    _explain(data, len(test.y))
    if data.is_pairs:
        st.caption("All comparisons are of the mean absolute error. A method can predict ratings badly "
                   "and still rank well: compare the hit rates too.")


def _rows(run: Run, asked: Asked, y: np.ndarray) -> list[LeaderboardRow]:
    """The network's row, if its answers are known, then the methods fitted so far, or why they were not."""
    for answer in asked.found.values():
        if isinstance(answer, Refusal):
            refuse(answer.message)
    fitted = [answer for answer in asked.found.values() if isinstance(answer, Fitted)]
    network = _network(run, max((baseline.of for baseline in fitted), default=0))
    rows = []
    for method in [*([network] if network else []), *map(candidate, fitted)]:
        key = (run.id, method.name, method.trained, str(network is not None))
        if key not in asked.rows:
            asked.rows[key] = standing(y, method, None if method is network else network, run.config.seed)
        rows.append(asked.rows[key])
    return rows


def _answers(run: Run) -> NetworkAnswers | Refusal | None:
    try:
        return runs.service().run_service.questions.test_answers(st.session_state[runs.OWNER], run.id)
    except Refused as error:
        return Refusal(error.message)


def _network(run: Run, examples: int) -> Candidate | None:
    """The network's row; None while a worker computes it, and None with a message if that is impossible.

    examples: how many it was trained on; 0 while unknown.
    """
    answers = _answers(run)
    if isinstance(answers, Refusal):
        refuse(f"The network is missing from this table. {answers.message}")
    if answers is None or isinstance(answers, Refusal):
        return None
    progress = run.history.progress
    predicted = answers.predicted if run.config.data.classes else answers.outputs
    return Candidate(NETWORK, "This network", predicted, progress.seconds if progress else float("nan"),
                     f"{examples:,}" if examples else "–", answers.ranked)


def _row(method: LeaderboardRow, data: Dataset) -> dict[str, str]:
    classes, areas = bool(data.classes), data.detects
    score, interval = score_words(method, classes)
    title = "Area under ROC" if areas else "Test accuracy" if classes else "MAE"
    row = {"Method": f"**{method.label}**" if method.name == NETWORK else method.label,
           title: score, "Interval (95 %)": interval}
    if method.ranked is not None:
        row |= {"RMSE": number(method.rmse), f"Hit rate at {MOST}": percent(method.ranked.hit_rate),
                f"NDCG at {MOST}": number(method.ranked.ndcg)}
    elif not classes and not areas:
        row["R²"] = f"{method.r2:.3f}" if method.r2 == method.r2 else "–"
    return {**row, **against(method, classes, areas), "Fitted in": duration(method.seconds),
            "Training examples": method.trained}


def _explain(data: Dataset, examples: int) -> None:
    if data.detects:
        st.caption(f"Area under the ROC curve on {examples:,} test examples: the chance that an anomaly "
                   "counts as more unusual than a normal example. The 95 % intervals, also of the difference "
                   "on the same examples, are DeLong's. If the difference's contains 0, it may be luck.")
    elif data.classes:
        st.caption(f"Interval: the 95 % interval of the accuracy on {examples:,} test examples (Wilson). "
                   "Compared with the network: McNemar's exact test counts only the examples that exactly "
                   "one of the two gets right. p is how often luck alone makes such a difference between "
                   "equally good methods. In one of twenty comparisons of equally good methods, p is below "
                   "0.05.")
    else:
        st.caption(f"Interval: the 95 % interval of the mean absolute error on {examples:,} test examples, "
                   "resampled 2,000 times (percentile-t bootstrap). Compared with the network: the same for "
                   "the difference on each example. If that interval contains 0, the difference may be luck.")
