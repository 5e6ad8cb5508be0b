"""Training speed beside what a learner would pick instead: the same network on the same data, in turns.

`python -m benchmarks.training`. Beside `keras.fit` on JAX; with `--peer-python PATH` also beside
`keras.fit` on TensorFlow and a usual PyTorch loop, run by an interpreter that has them. Before each turn
of a peer ours has a turn, and what is compared is these two. All is compiled before anything is timed.
"""

import os
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.floor import Floor, fastest, products
from benchmarks.networks import CONTESTANTS, PEERS, Contestant, shortened
from benchmarks.peers.client import Peer
from benchmarks.peers.task import Task
from benchmarks.report import Cell, Report, ReportTable, Stolen, arguments, cell_text, spread
from benchmarks.stopwatch import Stopwatch, Times
from benchmarks.subjects import fresh_environment
from core.datasets import Split
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import Compiled, Event
from core.settings import Settings, from_environment

NOTE = (
    "Medians over the rounds of the ratio of two turns in succession. Training alone: steps and their "
    "events, without a look at the test set; this is compared. With live evaluation: all of a run, the whole "
    "test set at its end included. Compiled calls: what a run counts as its training time. keras.fit and "
    "PyTorch add up loss and metric as ours does, and evaluate nothing; PyTorch is eager and indexes "
    "tensors in memory by a permutation. Matrix products alone, the floor: those of the network's steps, in "
    "one compiled loop, each in the fastest of six layouts.")


@dataclass
class Taken:
    """What one network's turns took, in seconds an epoch. pairs: by peer, ours just before and theirs.

    stolen: by neighbours of a virtual machine, in percent of the cores' time.
    """

    steps: int
    training: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    pairs: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    stolen: float | None = None

    def ratio(self, peer: str) -> float | None:
        """Our time over theirs, the median of the pairs; None where the peer is not there."""
        pairs = self.pairs.get(peer)
        return median(ours / theirs for ours, theirs in pairs) if pairs else None

    def of_floor(self) -> float | None:
        """Our speed as a share of the matrix products' own; None where there are none."""
        return median(self.floor) / median(self.training) if self.floor else None

    def measured(self) -> dict[str, list[float]]:
        """Every program's seconds, by what it is called."""
        return {"playground, training alone": self.training, "playground, compiled calls": self.calls,
                "playground, with live evaluation": self.whole,
                **{PEERS[peer]: [theirs for _, theirs in pairs] for peer, pairs in self.pairs.items()},
                **({"matrix products alone": self.floor} if self.floor else {})}


class Ours:
    """The playground's own training of one network; made, all of it is compiled."""

    def __init__(self, contestant: Contestant, data: Split, settings: Settings):
        self._config, self._data, self._settings = contestant.config, data, settings
        self.parameters = self._warm()

    def turn(self, taken: Taken) -> float:
        """Train; seconds of an epoch without evaluation. Raises `RuntimeError` if it stopped early."""
        times, epochs = self._run(), self._config.epochs
        if times.status != "finished":
            raise RuntimeError(f"Our run of {self._config.name} ended as {times.status}.")
        taken.training.append(times.training / epochs)
        taken.whole.append(times.whole / epochs)
        taken.calls.append(times.calls / epochs)
        return taken.training[-1]

    def _run(self) -> Times:
        watch = Stopwatch()
        for _ in watch.follow(self._events()):
            pass
        return watch.times

    def _warm(self) -> int:
        """Train until the test set was looked at; the number of parameters."""
        parameters, events = 0, self._events()
        for event in events:
            if isinstance(event, Compiled):
                parameters = event.parameters
            if isinstance(event, Evaluation):
                break
        events.close()
        return parameters

    def _events(self) -> Generator[Event, None, None]:
        from core.training.fit import fit
        return fit(self._config, self._data, ControlsMailbox(), self._settings)


@contextmanager
def task(contestant: Contestant, data: Split) -> Iterator[Task]:
    """The task for the peers; the data is in a file."""
    config = contestant.config
    with tempfile.TemporaryDirectory(prefix="playground-peers-") as folder:
        path = Path(folder) / "data.npz"
        np.savez(path, x=data.x_train, y=data.y_train, scale=data.scale)
        yield Task(config.layers(), config.output_units, config.batch_size, config.learning_rate, str(path),
                   contestant.target)


def contest(contestant: Contestant, peers: dict[str, Peer], rounds: int, examples: int,
            settings: Settings) -> Taken:
    """Let all take turns at one network. Raises `RuntimeError` where a peer's network is not the same."""
    data, epochs = shortened(contestant.config.data.labelled, examples), contestant.peer_epochs
    ours = Ours(contestant, data, settings)
    with task(contestant, data) as told:
        for peer in peers.values():
            parameters = peer.prepare(told)
            if parameters != ours.parameters:
                raise RuntimeError(f"{peer.name} trains {parameters} parameters, we {ours.parameters}.")
    taken = Taken(-(-len(data.y_train) // contestant.config.batch_size))
    floor, stolen = floor_of(contestant), Stolen()
    for _ in range(rounds):
        if floor is not None:
            taken.floor.append(floor.seconds() * taken.steps)
        for name, peer in peers.items():
            own = ours.turn(taken)
            taken.pairs.setdefault(name, []).append((own, peer.train(epochs) / epochs))
    taken.stolen = stolen.percent()
    return taken


def floor_of(contestant: Contestant) -> Floor | None:
    """The matrix products of one step of a network; None for one that only looks up rows."""
    config = contestant.config
    if any(layer["class_name"] == "MatrixFactorization" for layer in config.layers()):
        return None
    return fastest(products(config.layers(), config.data.shape, config.output_units, config.batch_size))


def ratios(done: dict[str, Taken]) -> ReportTable:
    """Our time over each peer's, each beside the highest wanted."""
    rows: list[tuple[Cell, ...]] = []
    for name, taken in done.items():
        contestant = CONTESTANTS[name]
        pairs = [cell for peer, wanted in zip(PEERS, contestant.wanted, strict=True)
                 for cell in (taken.ratio(peer), wanted)]
        rows.append((contestant.label, *pairs, taken.of_floor(), contestant.of_floor))
    columns = [text for label in PEERS.values() for text in (label, "at most")]
    return ReportTable("Our time for an epoch over theirs",
                       ("model, data, batch", *columns, "of the floor's speed",
                                                       "at least"), tuple(rows), NOTE)


def seconds(name: str, taken: Taken, examples: int) -> ReportTable:
    """All that was measured of one network."""
    contestant = CONTESTANTS[name]
    rows = tuple((program, len(times), *spread(times), 1000 * spread(times)[0] / taken.steps)
                 for program, times in taken.measured().items())
    return ReportTable(f"{contestant.label}: seconds of an epoch of {examples} examples",
                 ("program", "turns", "median (s)", "least (s)", "most (s)", "ms a step"), rows,
                 f"{taken.steps} steps an epoch, epochs a turn: ours {contestant.config.epochs}, "
                 f"a peer's {contestant.peer_epochs}. Others took {cell_text(taken.stolen)} % of the cores' "
                 "time.")


def main() -> None:
    """Let all take turns at every network chosen, and print seconds and ratios."""
    parser = arguments("Training speed beside keras.fit and PyTorch.")
    parser.add_argument("--peer-python", metavar="PATH", help="one with tensorflow, keras and torch")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=CONTESTANTS, default=list(CONTESTANTS),
                        help=", ".join(CONTESTANTS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--examples", type=int, default=100000, help="of an epoch, at most")
    chosen = parser.parse_args()
    # On a GPU, everyone would else take most of its memory at once.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    report, done = Report("training"), dict[str, Taken]()
    interpreters = {"jax": sys.executable}
    if chosen.peer_python:
        interpreters |= {"tensorflow": chosen.peer_python, "torch": chosen.peer_python}
    with fresh_environment(), ExitStack() as stack:
        settings = from_environment()
        peers = {framework: stack.enter_context(Peer(PEERS[framework], framework, python))
                 for framework, python in interpreters.items()}
        for name in chosen.only:
            done[name] = contest(CONTESTANTS[name], peers, chosen.rounds, chosen.examples, settings)
            data = shortened(CONTESTANTS[name].config.data.labelled, chosen.examples)
            report.add(seconds(name, done[name], len(data.y_train)))
        report.add(ratios(done))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
