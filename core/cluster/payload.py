"""A config as it is sent to a worker, with the learner's own table if needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.datasets import table_dataset
from core.datasets.table import Table
from core.runs.config import RunConfig
from core.studies.study import Member


@dataclass(frozen=True)
class RunPayload:
    """What a worker needs to know of a run: plain values, and the table that they name."""

    values: dict[str, Any]
    table: Table | None = None

    def decode(self) -> RunConfig:
        """The config, checked again. Raises `FieldError`."""
        if self.table is not None:
            table_dataset.register(self.table)
        return RunConfig.from_dict(self.values)


def encode(config: RunConfig) -> RunPayload:
    """`config` as it travels: the table goes along, for what lies on a worker dies with the worker."""
    return RunPayload(config.to_dict(), table_of(config))


def table_of(config: RunConfig) -> Table | None:
    """The learner's own table that `config` is about, if it is about one."""
    return table_dataset.table_of(config.dataset_parameters.get("digest", ""))


@dataclass(frozen=True)
class StudyPayload:
    """Members of a study as they travel: by number, what each differs in from the first, and its fold."""

    base: RunPayload
    changes: dict[int, tuple[dict[str, Any], Any]]

    def of(self, numbers: Sequence[int]) -> "StudyPayload":
        """Only those of these numbers."""
        return StudyPayload(self.base, {number: self.changes[number] for number in numbers})

    def decode(self) -> dict[int, Member]:
        """The members by their numbers, each config checked again. Raises `FieldError`."""
        self.base.decode()
        return {number: Member(RunConfig.from_dict({**self.base.values, **changed}), (), fold)
                for number, (changed, fold) in self.changes.items()}


def encode_study(members: Sequence[Member]) -> StudyPayload:
    """Members of a study as they travel; they are of one dataset."""
    base = encode(members[0].config)
    changes = {}
    for number, member in enumerate(members):
        values = member.config.to_dict()
        changes[number] = ({name: value for name, value in values.items() if value != base.values[name]},
                           member.fold)
    return StudyPayload(base, changes)
