"""Compiles the networks of the Home page before anyone asks for them."""

import logging
import threading
from contextlib import closing

from core.agents.config import AgentConfig
from core.datasets import available
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import Progress
from core.runs.examples import EXAMPLES
from core.settings import Settings
from core.training.agents.programs import program_for
from core.training.fit import fit
from core.training.malloc import trim_memory

log = logging.getLogger(__name__)


def warm_up(settings: Settings) -> None:
    """Compile the first example, so that pressing Train finds it ready; the others in the background."""
    first, *others = EXAMPLES.values()
    compile_ahead(first, settings)
    threading.Thread(target=_all, args=(others, settings), name="warm-up", daemon=True).start()


def compile_ahead(config: RunConfig | AgentConfig, settings: Settings) -> None:
    """Compile what a run of `config` needs; one of a network goes to its first point and evaluation."""
    if isinstance(config, AgentConfig):
        program_for(config, settings)
        return
    data = split(config.data, config.preparation)
    missing = {Progress, Evaluation}
    with closing(fit(config, data, ControlsMailbox(), settings)) as events:
        for event in events:
            missing.discard(type(event))
            if not missing:
                break


def _all(configs: list[RunConfig], settings: Settings) -> None:
    for config in configs:
        if available(config.dataset):  # do not download what nobody has asked for
            try:
                compile_ahead(config, settings)
            except Exception:
                log.exception("%s could not be compiled ahead", config.name)
    trim_memory()  # compiling takes 150 MB, which nothing needs afterwards
