"""Actions on the ticked runs: open, pin, rename, tag, delete, restore, CSV."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from core.datasets.table_dataset import without_table
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.store import StoredRun, Unavailable
from core.store.record import LONGEST_NAME, LONGEST_TAG, MOST_TAGS
from ui.compare import run_list, table
from ui.form import permalink
from ui.messages import plain
from ui.session import link_runs, runs

NAME, TAGS = "compare_name", "compare_tags"
NO_TABLE = "The table of this run is not saved with it: upload it again, then choose the same target."


def draw(shown: Sequence[StoredRun], chosen: Sequence[StoredRun]) -> None:
    """The buttons; those that need ticked rows are disabled without any."""
    single = chosen[0] if len(chosen) == 1 else None
    ids = [run.id for run in chosen]
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_actions"):
        if st.button("Open in Playground", icon=":material/play_circle:", key="compare_open",
                     disabled=single is None,
                     help="Shows the run as it ended, with its settings: change them, or train it again."):
            assert single is not None
            _open(single)
        pinned = bool(chosen) and all(run.pinned for run in chosen)
        st.button("Unpin" if pinned else "Pin", icon=":material/keep:", key="compare_pin",
                  disabled=not chosen, on_click=_pin, args=(ids, not pinned))
        if single is not None:
            with st.popover("Rename", icon=":material/edit:", key="compare_rename"):
                st.text_input("Name", single.name, key=f"{NAME}_{single.id}", max_chars=LONGEST_NAME)
                st.button("Rename", key="compare_rename_save", on_click=_rename, args=(single.id,))
        if chosen:
            with st.popover("Tag", icon=":material/label:", key="compare_tag_popover"):
                key = f"{TAGS}_{'_'.join(ids[:3])}_{len(ids)}"
                st.text_input("Tags, separated by commas", ", ".join(chosen[0].tags), key=key,
                              max_chars=MOST_TAGS * (LONGEST_TAG + 2),
                              help="These replace the tags of all ticked runs.")
                st.button("Tag", key="compare_tag_save", on_click=_tag, args=(ids, key))
        st.button("Delete", icon=":material/delete:", key="compare_delete", disabled=not chosen,
                  on_click=_delete, args=(ids,), help="You can undo this as long as the page is open.")
        gone = st.session_state.get(run_list.DELETED, [])
        if gone:
            st.button(f"Undo: {len(gone[-1])} deleted", icon=":material/undo:", key="compare_undo",
                      on_click=_undo)
        st.download_button("CSV", lambda: table.csv(chosen or shown), "runs.csv", "text/csv",
                           key="compare_csv", on_click="ignore", icon=":material/download:",
                           help="The ticked runs, or all listed runs, with every column.")
    words = run_list.said()
    if words:
        st.warning(plain(words), icon=":material/warning:")


def draw_empty() -> None:
    """What to do before there is any run, and a button that undoes the last deletion."""
    st.info("Nothing to compare yet. Train a run in the Playground, change one setting, and train again. "
            "Both runs are saved here, even if you come back tomorrow "
            "with this browser.", icon=":material/school:")
    with st.container(horizontal=True):
        st.page_link("pages/playground.py", label="Open the Playground", icon=":material/play_circle:")
        if st.session_state.get(run_list.DELETED):
            st.button("Undo the deletion", icon=":material/undo:", key="compare_undo", on_click=_undo)


def link(config: dict) -> dict[str, str]:
    """The Playground's address for a stored configuration. Raises `FieldError` if this version refuses it."""
    opened = RunConfig.from_dict(without_table(config))
    params = permalink.to_params(opened)
    closed = "" if opened.dataset == "table" else permalink.unlinkable(opened, params)
    if closed:
        raise FieldError(permalink.START, closed)
    return params


def _open(run: StoredRun) -> None:
    try:
        address = link(dict(run.config))
    except FieldError as error:
        words = NO_TABLE if run.dataset == "table" else f"This version cannot open that run. {error}"
        run_list.say(words)
        return
    if run.dataset == "table":
        runs.refuse(NO_TABLE)
    else:
        _reopen(run.id)
    st.switch_page("pages/playground.py", query_params=address)


def _reopen(run_id: str) -> None:
    """Have the run itself stand on the stage, if it can be read."""
    service = runs.service()
    with suppress(Unavailable, FieldError):
        stored = service.writer.store.reopened(st.session_state[runs.OWNER], run_id)
        if stored is not None:
            service.run_service.reopen(stored)
    link_runs.prefer(run_id)


def _pin(ids: list[str], pinned: bool) -> None:
    run_list.change(lambda owner: runs.service().writer.store.pin(owner, ids, pinned), len(ids))


def _rename(run_id: str) -> None:
    name = str(st.session_state.get(f"{NAME}_{run_id}") or "")
    run_list.change(lambda owner: int(runs.service().writer.store.rename(owner, run_id, name)), 1)


def _tag(ids: list[str], key: str) -> None:
    tags = [tag.strip() for tag in str(st.session_state.get(key) or "").split(",") if tag.strip()]
    run_list.change(lambda owner: runs.service().writer.store.tag(owner, ids, tags), len(ids))


def _delete(ids: list[str]) -> None:
    if run_list.change(lambda owner: runs.service().writer.store.delete(owner, ids), len(ids)):
        st.session_state.setdefault(run_list.DELETED, []).append(ids)


def _undo() -> None:
    gone = st.session_state.get(run_list.DELETED)
    if gone and run_list.change(lambda owner: runs.service().writer.store.restore(owner, gone[-1]), 1):
        gone.pop()
