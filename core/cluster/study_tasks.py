"""The task that workers run for a study: training one group of its members."""

import logging
import time
from functools import cache
from typing import Any

from core.cluster.messages import GroupEvents
from core.cluster.payload import StudyPayload
from core.cluster.run_tasks import RUNNING, advice, post
from core.cluster.worker_imports import with_engine
from core.runs.controls import Controls, ControlsMailbox
from core.settings import Settings
from core.studies.events import GroupEnded, GroupEpochs, GroupEvent

log = logging.getLogger(__name__)

# Least time between two messages of a group, except the first and the last.
MESSAGE_SECONDS = 0.1


def group_name(study: str, group: str) -> str:
    """The name by which an attempt at a group is known in its worker."""
    return f"{study}/{group}"


@with_engine
def train_group(study: str, group: str, attempt: int, payload: StudyPayload, epochs: int,
                settings: Settings) -> None:
    """Train members of a study and send their events; see `core.training.studies.training.train`.

    An attempt that is told to stop sends nothing more: nobody listens any longer.
    """
    from distributed import get_worker

    from core.training.studies.training import train
    worker, mailbox = get_worker(), ControlsMailbox(Controls())
    news: list[GroupEvent] = []
    sent = 0.0
    RUNNING.watch(worker)
    with RUNNING.holding((group_name(study, group), attempt), mailbox):
        try:
            members = payload.decode()
            for event in train(study, members, epochs, settings,
                               lambda: mailbox.controls.stopped, standings()):
                news.append(event)
                due = not isinstance(event, GroupEpochs) or time.monotonic() - sent > MESSAGE_SECONDS
                if due and not mailbox.controls.stopped:
                    post(worker, study, GroupEvents(study, group, attempt, tuple(news)))
                    news, sent = [], time.monotonic()
        except Exception as error:
            log.exception("A group of study %s failed", study)
            ended = GroupEnded(advice(error), failed=True)
            post(worker, study, GroupEvents(study, group, attempt, (*news, ended)))
    if not RUNNING.any():
        from core.training.malloc import trim_memory
        trim_memory()


def stop_group(study: str, group: str) -> None:
    """End every attempt at this group in this process."""
    for attempt, mailbox in RUNNING.mailboxes():
        if attempt[0] == group_name(study, group):
            mailbox.end()


@cache
def standings() -> Any:
    """The `Standings` of this process: states of members that wait for their next round."""
    from core.training.studies.warm_states import Standings
    return Standings()
