"""Estimates a study before it starts: trainings, arithmetic and time."""

import math
from collections.abc import Sequence

from core.catalog.layers import LAYER_KINDS, Entry, Shape, shapes
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.settings import Settings
from core.studies import sampling
from core.studies.grouping import group_key
from core.studies.learning import LearningCurve
from core.studies.methods import Searching
from core.studies.study import Member, Method, Study, StudyResults

# One forward pass, and two backward: for the weights and for the inputs.
PASSES = 3
# An estimate looks at this many configurations, drawn from all that are possible.
LOOKED_AT = 24
# First guesses for an ordinary machine with two cores: multiply-adds a second; extra seconds a step of one
# of many trainings; and seconds to compile a kind of network (two programs, and both strategies are tried).
RATE, STEP_SECONDS, COMPILE_SECONDS = 2e10, 1e-5, 6.0
# Anything faster was not compiled but found in the cache.
FOUND_SECONDS = 0.5
# How many studies correct the guess, and within which factors: beyond them, speed is not the reason.
REMEMBERED, LEAST, MOST = 5, 0.1, 20.0


def multiplications(config: RunConfig) -> int:
    """About how many multiplications a forward pass of one example needs.

    Computed from the shapes between layers: each output value is a sum over what the layer reads. Layers
    without weights count nothing.
    """
    entries, shape = config.entries(), config.data.shape
    total, before = 0, shape
    for entry, after in zip(entries, shapes(entries, shape), strict=True):
        total += _layer(entry, before, after)
        before = after
    return total + math.prod(before) * config.output_units


def _layer(entry: Entry, before: Shape, after: Shape) -> int:
    """About how many multiplications a row of the layer editor needs."""
    values = {own.name: entry.get(own.name, own.default) for own in LAYER_KINDS[entry["kind"]].parameters}
    steps, channels = math.prod(before[:-1]), before[-1]
    if "num_heads" in values:  # queries, keys, values, their products, and the layers after them
        return steps * channels * channels * 12 + 2 * steps * steps * channels
    if "filters" in values:
        window = values.get("kernel_size", 3) ** (len(before) - 1)
        # A transposed convolution sums over what it gives, for each value that it reads.
        sums = (*before[:-1], after[-1]) if entry["kind"] == "Conv2DTranspose" else after
        return math.prod(sums) * channels * window * (2 if entry["kind"] == "Residual" else 1)
    if "return_sequences" in values:  # a recurrent layer: up to four sums of what it reads and what it holds
        return steps * 4 * values["units"] * (channels + values["units"])
    if "units" in values:
        return math.prod(after) * channels
    return 0


def examples(config: RunConfig) -> int:
    """About how many examples an epoch goes through."""
    count = config.data.examples or 1000
    return min(config.training_size, count) if config.training_size else count


def epoch_work(config: RunConfig) -> float:
    """About how many multiplications an epoch of training takes."""
    return float(PASSES * multiplications(config) * examples(config))


def typical(method: Method) -> list[RunConfig]:
    """Some configurations like those that a study will train."""
    if isinstance(method, Searching):
        drawn = sampling.random(method.search, LOOKED_AT)
        return [member.config for member in sampling.members(method.search, drawn)] or [method.config]
    if isinstance(method, LearningCurve):
        members, _ = method.following((), StudyResults.empty(0, 1, 0))
        return [member.config for member in members[::method.count]]
    # A method whose members differ in more than their seeds has `configs`.
    return list(getattr(method, "configs", (method.config,)))


def _mean(configs: Sequence[RunConfig]) -> tuple[float, float]:
    """Work and steps of an epoch, each the mean of these configurations; 0 for none."""
    if not configs:
        return 0.0, 0.0
    return (sum(map(epoch_work, configs)) / len(configs),
            sum(math.ceil(examples(config) / config.batch_size) for config in configs) / len(configs))


def _totals(method: Method, configs: Sequence[RunConfig]) -> tuple[float, float]:
    """The multiplications of the whole study, and the steps of all its trainings, from typical configs."""
    work, steps = _mean(configs)
    return work * method.plan.epochs, steps * method.plan.epochs


def check(method: Method, settings: Settings, configs: Sequence[RunConfig] | None = None) -> None:
    """Raises `FieldError` for a study that is too large, with the limit and what to lower.

    configs: `typical` ones, if they are known already.
    """
    plan = method.plan
    if plan.trials > settings.max_members:
        raise FieldError("trials", f"This would be {plan.trials:,} trainings; the limit is "
                         f"{settings.max_members:,}. Try fewer trials, fewer levels or fewer parameters.")
    work, _ = _totals(method, typical(method) if configs is None else configs)
    if work > settings.max_study_work:
        raise FieldError("trials", f"This would need {about(work / RATE)} of computing, but a study may use "
                         f"only {about(settings.max_study_work / RATE)}: it is "
                         f"{work / settings.max_study_work:.1f} times too large. Use fewer trials, fewer "
                         "epochs, a smaller training set or a smaller network.")


def seconds(method: Method, studies: Sequence[Study] = (),
            configs: Sequence[RunConfig] | None = None) -> float:
    """About how long a study will take: compiling, and its arithmetic at the speed of earlier studies.

    configs: `typical` ones, if they are known already.
    """
    configs = typical(method) if configs is None else configs
    return (_compiling(method, configs, studies)
            + _guess(*_totals(method, configs)) * correction(studies))


def _compiling(method: Method, configs: Sequence[RunConfig], studies: Sequence[Study]) -> float:
    """About how long it takes to compile the programs that no earlier study has compiled."""
    wanted = {group_key(Member(config)) for config in configs}
    known = [(study, {group_key(member) for member in _some(study)}) for study in studies[-REMEMBERED:]
             if study.status == "finished"]
    each = [study.compiled / len(kinds) for study, kinds in known if kinds]
    longest = max((compiled for compiled in each if compiled > FOUND_SECONDS), default=COMPILE_SECONDS)
    new = wanted.difference(*(kinds for _, kinds in known))
    # If hardly any two of the sample are alike, there are more kinds than the sample shows.
    more = method.plan.trials / len(configs) if 2 * len(wanted) > max(len(configs), 2) else 1.0
    return longest * len(new) * more


def _some(study: Study) -> Sequence[Member]:
    """A sample of a study's members, evenly spread."""
    return study.members[::max(1, len(study.members) // LOOKED_AT)]


def _guess(work: float, steps: float) -> float:
    return work / RATE + steps * STEP_SECONDS


def correction(studies: Sequence[Study]) -> float:
    """How much longer the last finished studies took than estimated, as a factor."""
    told, guessed = 0.0, 0.0
    finished = [study for study in studies if study.status == "finished" and study.ended]
    for study in finished[-REMEMBERED:]:
        work, steps = _mean([member.config for member in _some(study)])
        epochs = float(study.results.done.sum())
        told += max((study.ended or 0) - study.created - study.compiled, 0.05)
        guessed += _guess(work * epochs, steps * epochs)
    return min(max(told / guessed, LEAST), MOST) if guessed else 1.0


def about(value: float) -> str:
    """A guess in seconds, in words; it has one digit, because it is a guess."""
    unit, size = next(((name, size) for name, size in (("h", 3600.0), ("min", 60.0)) if value >= 0.95 * size),
                      ("s", 1.0))
    return f"about {float(f'{max(value / size, 1.0):.1g}'):g} {unit}"
