"""Filters of the run table: text, status, dataset and tag."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.datasets import DATASETS
from core.store import StoredRun
from core.views.status import WORDS

TEXT, STATUS, DATASET, TAG = "compare_text", "compare_status", "compare_dataset", "compare_tag"


def draw(runs: Sequence[StoredRun]) -> list[StoredRun]:
    """Draws the filters; returns the runs that pass them."""
    with st.container(horizontal=True, key="compare_filters"):
        text = st.text_input("Name or tag contains", key=TEXT, persist_state="session", max_chars=60,
                             width=220)
        chosen = [
            _choice("Status", STATUS, {run.status for run in runs}, lambda status: WORDS[status][0]),
            _choice("Dataset", DATASET, {run.dataset for run in runs},
                    lambda name: DATASETS[name].label if name in DATASETS else name),
            _choice("Tag", TAG, {tag for run in runs for tag in run.tags}, str)]
    return matching(runs, text or "", *chosen)


def matching(runs: Sequence[StoredRun], text: str = "", statuses: Sequence[str] = (),
             datasets: Sequence[str] = (), tags: Sequence[str] = ()) -> list[StoredRun]:
    """The runs that pass all filters. An empty filter passes all runs; one matching tag is enough."""
    words = text.lower().split()
    return [run for run in runs
            if (not statuses or run.status in statuses) and (not datasets or run.dataset in datasets)
            and (not tags or set(tags) & set(run.tags))
            and all(word in " ".join([run.name, *run.tags]).lower() for word in words)]


def _choice(label: str, key: str, options: set[str], write: Callable[[str], str]) -> list[str]:
    # The current choice stays an option, or the box would lose it when the last such run is deleted.
    held = [choice for choice in st.session_state.get(key) or [] if isinstance(choice, str)]
    if len(options) < 2 and not held:
        return []
    return st.multiselect(label, sorted({*options, *held}), key=key, format_func=write,
                          persist_state="session", width=220, placeholder="All")
