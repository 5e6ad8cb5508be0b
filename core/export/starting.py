"""The sections of a script whose run starts from another run's weights: that one is trained first."""

import re
from dataclasses import replace

from core.catalog.losses import LOSSES
from core.catalog.optimizers import OPTIMIZERS
from core.export.fitting import Changes, fitting_section, steps
from core.export.network import model_section
from core.export.preparing import data_section
from core.export.section import Section, joined
from core.export.transferring import (
    data_values,
    has_other_data,
    renamed,
    said,
    slower,
    start_data,
    transferred,
    transfers,
)
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.dense_steps import dense_steps
from core.runs.start import KEPT

TWICE = ("The script of a run whose start has a start of its own cannot be written. The configuration file "
         "has all of it.")
EDITS = "The script can set weights by hand only in dense networks. The configuration file has all of it."
TARGETS = ("The script cannot go from one form of the targets to another: use the same loss and the same "
           "class weights as the start, or export the configuration file.")
# Names in a script that both trainings have; those of the first one get another.
_NAMES = re.compile(r"\b(EPOCHS|BATCH_SIZE|LEARNING_RATE|LAST_STEP|Stopped|history)\b")
_LATER = '''\
class Later(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule whose steps count from a later one of the optimizer's."""

    def __init__(self, schedule, begin):
        super().__init__()
        self.schedule, self.begin = schedule, begin

    def __call__(self, step):
        return self.schedule(step - self.begin)

    def get_config(self):
        return {"schedule": self.schedule, "begin": self.begin}'''
_STATE = '''\
# {optimizer} goes on with the state that it had.
model.optimizer.build(model.trainable_variables)
state = [variable for variable in before.variables if not variable.path.endswith("learning_rate")]
own = [variable for variable in model.optimizer.variables
       if not variable.path.endswith("learning_rate")]
for variable, value in zip(own, state):
    variable.assign(value)'''


def refusal(config: RunConfig) -> str:
    """Why no script can be written for a run with this start; empty if one can."""
    start = config.start
    if start is None:
        return ""
    if start.config.start is not None:
        return TWICE
    if start.edits and dense_steps(start.config) is None:
        return EDITS
    return "" if has_other_data(config) or _targets(config) == _targets(start.config) else TARGETS


def started_sections(config: RunConfig, changes: Changes, stopped: int | None) -> tuple[Section, ...]:
    """The start's data, model and training, then the run's own; instead of `Data`, `Model` and `Training`.

    Raises `FieldError` where `refusal` says something.
    """
    start, closed = config.start, refusal(config)
    assert start is not None
    if closed:
        raise FieldError("start", closed)
    _, whole = steps(start.config)
    left = None if start.at == KEPT else int(start.at)
    first = model_section(start.config)
    own_data, other = data_section(config), start_data(config)
    parts = [*(other or (own_data,)),
             replace(first, title="The start's model", text="The run goes on from another one, "
                     f"{start.config.name}, which is trained first. {first.text}",
                     code=renamed(first.code, config))]
    if left != 0:
        trained = fitting_section(start.config, start.learning_rates, None if left == whole else left)
        parts.append(replace(trained, title="The start's training",
                             code=renamed(_NAMES.sub(_renamed, trained.code), config)))
    goes_on = start.goes_on(config) and left != 0
    parts += [own_data] if other else []
    model = _model(config, first)
    edits = _edits(config)
    keep = "before = model.optimizer" if goes_on else ""
    parts.append(replace(model, code=joined(keep, model.code, edits)))
    own = fitting_section(config, changes, stopped)
    ready = left != 0 and not other
    code = _fitted(own.code, config, goes_on, whole if left is None else left, ready)
    parts.append(replace(own, code=slower(code, config)))
    return tuple(parts)


def last_step(config: RunConfig, stopped: int | None) -> int | None:
    """After how many steps the script ends, if not with a whole epoch. stopped: where the run was stopped.

    A run that goes on in the middle of an epoch begins with what is left of it. With early stopping, the
    script trains whole epochs all the same.
    """
    start = config.start
    if stopped is not None or start is None or isinstance(start.at, str) or config.patience \
            or not start.goes_on(config):
        return stopped
    each, whole = steps(config)
    return whole - start.at % each if start.at % each else None


def start_values(config: RunConfig) -> dict[str, object]:
    """The numbers at the top of the script that belong to the start's training."""
    start = config.start
    if start is None:
        return {}
    each, whole = steps(start.config)
    last = whole if start.at == KEPT else int(start.at)
    return {"start_learning_rate": start.config.learning_rate, "start_batch_size": start.config.batch_size,
            "start_epochs": start.config.epochs if start.at == KEPT else -(-last // each),
            "start_last_step": last} | data_values(config)


def _renamed(found: re.Match[str]) -> str:
    name = found[1]
    own = {"Stopped": "StartStopped", "history": "start_history"}
    return own.get(name, f"START_{name}")


def _model(config: RunConfig, first: Section) -> Section:
    """The run's own model with the start's weights; the same one if it is made alike."""
    model = model_section(config)
    if transfers(config):
        code = joined("start = model", model.code, transferred(config))
        return replace(model, text=f"{model.text} {said(config)}", code=code)
    if model.code == first.code:
        return Section("Model", "The network is the one that was just trained.", "")
    code = joined("start = model", model.code, "model.set_weights(start.get_weights())")
    return replace(model, text=f"{model.text} It begins with the weights that were just trained.", code=code)


def _edits(config: RunConfig) -> str:
    start = config.start
    if start is None or not start.edits:
        return ""
    # Keras's list goes layer by layer.
    names = [name for step in dense_steps(config) or () for part in (step.trained, step.others)
             for name, _ in part]
    lines = [f"weights[{names.index(path)}].flat[{index}] = {value!r}" for path, index, value in start.edits]
    return "\n".join(["# These weights were set by hand.", "weights = model.get_weights()", *lines,
                      "model.set_weights(weights)"])


def _fitted(code: str, config: RunConfig, goes_on: bool, taken: int, ready: bool) -> str:
    """The own training's code. taken: steps of the optimizer before; ready: the targets and their weights."""
    if ready:
        pieces = code.split("\n\n")
        code = "\n\n".join(piece for piece in pieces if not piece.startswith(
            ("# This loss needs one-hot", "# The rarer a class")))
    if not goes_on:
        return code
    compiled = code.index("model.compile(")
    above, rest = code[:compiled], code[compiled:]
    end = rest.index("\n\n")
    label = OPTIMIZERS[config.optimizer].label
    if "learning_rate=schedule" in rest[:end]:
        rest = rest.replace("learning_rate=schedule", "learning_rate=Later(schedule, START_LAST_STEP)", 1)
        above = joined(_LATER, above)
        end = rest.index("\n\n")
    return joined(above, rest[:end], _STATE.format(optimizer=label), rest[end:])


def _targets(config: RunConfig) -> tuple[object, ...]:
    return LOSSES[config.loss].in_keras(config.loss_parameters).one_hot, config.class_weights

