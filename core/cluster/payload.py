"""A config as it is sent to a worker, with the learner's own table if needed."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.agents.config import AgentConfig
from core.datasets import kept_tables
from core.datasets.table import Table
from core.runs.config import RunConfig
from core.runs.fields import with_later
from core.studies.study import Member


@dataclass(frozen=True)
class RunPayload:
    """What a worker needs to know about a run.

    Attributes:
        values: the config as plain JSON.
        table: the learner's own table, if the config is about one.
    """

    values: dict[str, Any]
    table: Table | None = None

    def decode(self) -> RunConfig:
        """The config, checked again. Raises `FieldError`."""
        if self.table is not None:
            kept_tables.register(self.table)
        return RunConfig.from_dict(self.values)


def encode(config: RunConfig) -> RunPayload:
    """`config` as it is sent to a worker. It includes the table: data on a worker is lost with the worker."""
    return RunPayload(config.to_dict(), table_of(config))


def table_of(config: RunConfig) -> Table | None:
    """The learner's own table that `config` uses; None if it uses none."""
    return kept_tables.table_of(config.dataset_parameters.get("digest", ""))


@dataclass(frozen=True)
class AgentPayload:
    """What a worker needs to know about a run of agents. values: the config as plain JSON."""

    values: dict[str, Any]

    def decode(self) -> AgentConfig:
        """The config, checked again. Raises `FieldError`."""
        return AgentConfig.from_dict(self.values)


def encode_agents(config: AgentConfig) -> AgentPayload:
    """`config` as it is sent to a worker."""
    return AgentPayload(config.to_dict())


class Errand(NamedTuple):
    """How a kind of run is sent to a worker.

    Attributes:
        task: trains one there, with the arguments of `core.cluster.run_tasks.train`.
        encode: its config, as the task gets it.
        program: of a config, equal for those that share a compiled program.
    """

    task: Callable[..., None]
    encode: Callable[[Any], Any]
    program: Callable[[Any], Hashable]


@dataclass(frozen=True)
class StudyPayload:
    """Members of a study as they are sent to a worker.

    Attributes:
        base: the first member's config.
        changes: for each member, by number: the fields that differ from `base`, and what else
            `Member` has after its values.
    """

    base: RunPayload
    changes: dict[int, tuple[dict[str, Any], tuple[Any, ...]]]

    def of(self, numbers: Sequence[int]) -> "StudyPayload":
        """Only the members with these numbers."""
        return StudyPayload(self.base, {number: self.changes[number] for number in numbers})

    def decode(self) -> dict[int, Member]:
        """The members by their numbers, each config checked again. Raises `FieldError`."""
        self.base.decode()
        return {number: Member(RunConfig.from_dict({**self.base.values, **changed}), (), *others)
                for number, (changed, others) in self.changes.items()}


def encode_study(members: Sequence[Member]) -> StudyPayload:
    """Members of a study as they are sent to a worker; all of them use one dataset."""
    base = encode(members[0].config)
    changes = {}
    for number, member in enumerate(members):
        # Some may have a start, or a value that others leave out.
        values = {"start": None} | with_later(member.config.to_dict())
        changes[number] = ({name: value for name, value in values.items() if value != base.values.get(name)},
                           (member.fold, member.test_seed, member.second_test, member.threshold))
    return StudyPayload(base, changes)
