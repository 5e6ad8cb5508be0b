"""A config on its way to a worker, with the learner's own table if it trains on one."""

from dataclasses import dataclass
from typing import Any

from core.config import RunConfig
from core.datasets import uploads
from core.datasets.table import Table


@dataclass(frozen=True)
class Parcel:
    """What a worker needs to know of a run: plain values, and the table that they name."""

    values: dict[str, Any]
    table: Table | None = None

    def open(self) -> RunConfig:
        """The config, checked again. Raises `FieldError`."""
        if self.table is not None:
            uploads.register(self.table)
        return RunConfig.from_dict(self.values)


def pack(config: RunConfig) -> Parcel:
    """`config` as it travels: the table goes along, for what lies on a worker dies with the worker."""
    return Parcel(config.to_dict(), table_of(config))


def table_of(config: RunConfig) -> Table | None:
    """The learner's own table that `config` is about, if it is about one."""
    return uploads.table_of(config.dataset_parameters.get("digest", ""))
