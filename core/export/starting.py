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
    source_name,
    transferred,
    transfers,
)
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.dense_steps import dense_steps
from core.runs.start import KEPT
from core.runs.taken_layers import frozen

_STARTS, _FIRST, _GOES_ON = "The start's ", "The first run's ", "The run goes on"
EDITS = "The script can set weights by hand only in dense networks. The configuration file has all of it."
TARGETS = ("The script cannot go from one form of the targets to another: use the same loss and the same "
           "class weights as the start, or export the configuration file.")
# Names in a script that both trainings have; those of the first one get another.
_NAMES = re.compile(r"\b((?:START_)?)(EPOCHS|BATCH_SIZE|LEARNING_RATE|LAST_STEP)\b")
_OTHER_NAMES = re.compile(r"\b(Stopped|(?:start_)?history)\b")
_UNFROZEN = """\
# All of its layers are trained again.
model.trainable = True"""
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
    if start.edits and dense_steps(start.config) is None:
        return EDITS
    if not has_other_data(config) and _targets(config) != _targets(start.config):
        return TARGETS
    return refusal(start.config)


def started_sections(config: RunConfig, changes: Changes, stopped: int | None) -> tuple[Section, ...]:
    """The start's data, model and training, then the run's own; instead of `Data`, `Model` and `Training`.

    Raises `FieldError` where `refusal` says something.
    """
    start, closed = config.start, refusal(config)
    assert start is not None
    if closed:
        raise FieldError("start", closed)
    first, own_data, other = model_section(start.config), data_section(config), has_other_data(config)
    before, left = _before(config)
    parts = [*before, *([own_data] if other else [])]
    goes_on = start.goes_on(config) and left != 0
    model = _model(config, first)
    keep = "before = model.optimizer" if goes_on else ""
    parts.append(replace(model, code=joined(keep, model.code, _edits(config))))
    own = fitting_section(config, changes, stopped)
    code = _fitted(own.code, config, goes_on, left != 0 and not other)
    parts.append(replace(own, code=slower(code, config)))
    return tuple(parts)


def _before(config: RunConfig) -> tuple[list[Section], int]:
    """The start's data, model and training, with names of their own; and how many steps it is trained."""
    start = config.start
    assert start is not None
    theirs, whole = start.config, _whole(start.config)
    left = whole if start.at == KEPT else int(start.at)
    until = None if left == whole else left
    if theirs.start is not None:
        found = started_sections(theirs, start.learning_rates, last_step(theirs, until))
    else:
        found = (data_section(theirs), model_section(theirs),
                 fitting_section(theirs, start.learning_rates, until))
    *data, model, training = found
    made = [_as_start(section, config) for section in (*data, model, *([training] if left else []))]
    own = made[len(data)]
    made[len(data)] = replace(own, text=f"{_GOES_ON} from another one, {theirs.name}, which is trained "
                              f"first. {own.text}")
    return made, left


def _as_start(section: Section, config: RunConfig) -> Section:
    """A section of the start, with names and a title of its own."""
    text = section.text.replace(_GOES_ON, "The start goes on")
    other, title = has_other_data(config), section.title
    if title == "Data" and other:
        assert config.start is not None
        text = f"The start learns from other data: {source_name(config.start.config)}. {text}"
    if title != "Data" or other:
        title = f"{_FIRST}{title.removeprefix(_STARTS)}" if title.startswith(_STARTS) else (
            f"{_STARTS}{title.lower()}")
    code = section.code if section.title.lower().endswith("data") else (
        _OTHER_NAMES.sub(_renamed, _NAMES.sub(r"START_\1\2", section.code)))
    return replace(section, title=title, text=text, code=renamed(code, config))


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
    (each, _), whole = steps(start.config), _whole(start.config)
    last = whole if start.at == KEPT else int(start.at)
    before, inner = data_values(start.config), start_values(start.config)
    # Names of data are only changed where the run's are others.
    earlier = {name if name in before and not has_other_data(config) else f"start_{name}": value
               for name, value in inner.items()}
    return earlier | {
        "start_learning_rate": start.config.learning_rate, "start_batch_size": start.config.batch_size,
        "start_epochs": start.config.epochs if start.at == KEPT else -(-last // each),
        "start_last_step": last} | data_values(config)


def _whole(config: RunConfig) -> int:
    """How many steps a run has from its beginning to its end."""
    return last_step(config, None) or steps(config)[1]


def _renamed(found: re.Match[str]) -> str:
    return {"Stopped": "StartStopped"}.get(found[1], f"start_{found[1]}")


def _model(config: RunConfig, first: Section) -> Section:
    """The run's own model with the start's weights; the same one if it is made alike."""
    model = model_section(config)
    if transfers(config):
        code = joined("start = model", model.code, transferred(config))
        return replace(model, text=f"{model.text} {said(config)}", code=code)
    if model.code == first.code:
        assert config.start is not None
        return Section("Model", "The network is the one that was just trained.",
                       _UNFROZEN if frozen(config.start.config) else "")
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


def _fitted(code: str, config: RunConfig, goes_on: bool, ready: bool) -> str:
    """The own training's code. ready: whether the targets and their weights are as the loss needs them."""
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
        rest = rest.replace("learning_rate=schedule", f"learning_rate=Later(schedule, {_counted(config)})", 1)
        above = joined(_LATER, above)
        end = rest.index("\n\n")
    return joined(above, rest[:end], _STATE.format(optimizer=label), rest[end:])


def _counted(config: RunConfig) -> str:
    """The steps that the optimizer has taken before the run."""
    start = config.start
    twice = start is not None and start.config.start is not None and start.config.start.goes_on(start.config)
    return "START_LAST_STEP + START_START_LAST_STEP" if twice else "START_LAST_STEP"


def _targets(config: RunConfig) -> tuple[object, ...]:
    return LOSSES[config.loss].in_keras(config.loss_parameters).one_hot, config.class_weights

