"""What all benchmarks print and keep: tables, the versions of the libraries, the machine and its load."""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import psutil

LIBRARIES = ("streamlit", "keras", "jax", "plotly", "distributed", "scikit-learn", "numpy")

Cell = str | float | int | None


@dataclass(frozen=True)
class ReportTable:
    """Rows of figures. columns: names with units. note: how they came about, in a sentence or two."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def text(self) -> str:
        """The table in Markdown, which reads well in a terminal too."""
        shown = [self.columns, *(tuple(cell_text(cell) for cell in row) for row in self.rows)]
        widths = [max(len(row[column]) for row in shown) for column in range(len(self.columns))]
        lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
                 for row in shown]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return "\n".join([f"## {self.title}", "", *lines, *(["", self.note] if self.note else [])])


class Report:
    """One benchmark's tables. Made before anything is measured: it looks at the load first."""

    def __init__(self, name: str):
        self.name, self.tables = name, list[ReportTable]()
        self.machine = machine()

    def add(self, table: ReportTable) -> None:
        """Keep a table, and print it at once: what comes later may take minutes."""
        if not self.tables:
            said = [f"{key} {value}" for key, value in (versions() | self.machine).items()]
            print(f"# {self.name}\n\n{', '.join(said)}", flush=True)
        self.tables.append(table)
        print("\n" + table.text(), flush=True)

    def keep(self, path: Path | None) -> None:
        """Write everything to `path` as JSON, if there is one."""
        if path is None:
            return
        kept = {"benchmark": self.name, "versions": versions(), "machine": self.machine,
                "load_after": load(), "tables": [asdict(table) for table in self.tables]}
        path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def arguments(about: str) -> argparse.ArgumentParser:
    """A parser that knows `--json FILE`."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in this file")
    return parser


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Median, least and most of some measurements."""
    return median(values), min(values), max(values)


def cell_text(cell: Cell) -> str:
    """A figure in three digits, `–` where there is none."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return str(cell)


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that the figures depend on."""
    found = {"Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def machine() -> dict[str, Any]:
    """What the figures were measured on, without its name."""
    return {"system": platform.system(), "cores": os.cpu_count(),
            "memory (GB)": round(psutil.virtual_memory().total / 1e9), "load before": load()}


class Stolen:
    """How much of the cores' time neighbours of a virtual machine took, from when it is made.

    If it is high, only figures measured alternately can be compared.
    """

    def __init__(self) -> None:
        self._before = psutil.cpu_times()

    def percent(self) -> float | None:
        """Of the time that was asked for; None on a system that does not tell."""
        now, before = psutil.cpu_times(), self._before
        if not hasattr(now, "steal"):
            return None
        passed = sum(now) - sum(before) - (now.idle - before.idle)
        return 100 * (now.steal - before.steal) / max(passed, 1e-9)


def load() -> float:
    """How many processes wanted a core in the last minute; some of the cores' time was not ours."""
    return round(psutil.getloadavg()[0], 2)
