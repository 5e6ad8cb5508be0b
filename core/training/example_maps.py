"""What the layers of a network give for one test example: feature maps, rows of activations, filters."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from core.datasets import Split
from core.datasets.splits import restored, split
from core.runs.config import RunConfig
from core.runs.dense_steps import weights_travel
from core.runs.evaluations import OWN_INPUT, ExampleMaps, LayerMaps
from core.runs.guesses import GUESSES
from core.runs.shown_layers import ATTENTION, ShownLayer, shown_layers
from core.settings import from_environment
from core.training.model import known_model
from core.training.numbers import own_numbers
from core.training.plan import Plan
from core.training.program import Program, State, data_of
from core.training.program_cache import program_for
from core.training.weight_paths import paths

# Maps of a layer: the most active ones. Units of a row: likewise.
MAPS, UNITS = 16, 128
# Pixels of a map's side while a run trains, and while it rests.
MOVING, RESTING = 14, 28
# How long the end of a run waits for the program that looks inside: a short run may be over before it.
LATE_SECONDS = 3.0
# How long a question about an ended run waits for it.
COMPILE_SECONDS = 60.0
# What has been shown is only replaced by what is so much more active.
STAYS = 1.5


class ExampleLooker:
    """Looks into the network of one run, and remembers which maps it showed: they should rarely change.

    travels: whether the weights travel instead, so that there is nothing to look for.
    pending: whether the last look found nothing because the program for it is being compiled.
    """

    def __init__(self, config: RunConfig, split: Split, program: Program):
        self.split, self.program = split, program
        self.shown = () if weights_travel(config) else shown_layers(config)
        self.travels = weights_travel(config)
        self._back, self._guesses = config.data.reconstructs, config.data.guesses
        self._numbers = own_numbers(config)[0]
        kernel = next((layer.kernel for layer in self.shown if layer.kernel), "")
        # Of this very config: the program may have been built for another one of the same structure.
        names = paths(known_model(config)) if kernel else ()
        self._kernel = names.index(f"{kernel}/kernel") if kernel else -1
        self._before: dict[str, np.ndarray] = {}
        self.pending = False

    def look(self, state: State, example: int, resting: bool = False) -> ExampleMaps | None:
        """The maps for a test example.

        None where weights travel instead, and for as long as the program for it is being compiled in the
        background. example: an index beyond the test set is that of the last example. resting: whether there
        is time for maps in detail.
        """
        if self.travels or not len(self.split.y_test):
            return None
        example = min(example, len(self.split.y_test) - 1)
        return self._looked(state, self.split.x_test[example], example, resting)

    def look_at(self, state: State, x: np.ndarray, resting: bool = False) -> ExampleMaps | None:
        """The same for a prepared input of the learner's own, of one example's shape."""
        return None if self.travels else self._looked(state, x, OWN_INPUT, resting)

    def _looked(self, state: State, x: np.ndarray, example: int, resting: bool) -> ExampleMaps | None:
        found = self.program.look_inside(state, x, self._numbers)
        self.pending = found is None and not self.program.inside_failed
        if found is None:
            return None
        answers, outputs = found
        if self.split.vocabulary is not None:
            outputs = [_of_words(output, len(x), int(np.count_nonzero(x))) for output in outputs]
        side = RESTING if resting else MOVING
        layers = tuple(self._maps(layer, output, side)
                       for layer, output in zip(self.shown, outputs, strict=True))
        return ExampleMaps(example, self.own_units(answers), layers, self._filters(state, layers), resting,
                           self.words(answers))

    def late(self, state: State, example: int, seconds: float = LATE_SECONDS) -> ExampleMaps | None:
        """The maps that the last look missed, if their program is compiled within `seconds`."""
        if self.pending and self.program.inside_compiled(seconds):
            return self.look(state, example, resting=True)
        return None

    def _maps(self, layer: ShownLayer, values: np.ndarray, side: int) -> LayerMaps:
        """One layer's output for the example: (height, width, channels), (steps, units) or (units,)."""
        values = np.nan_to_num(values.astype(np.float32))
        if values.ndim == 2:  # a series: one picture, its steps across
            return quantized(layer.node, np.arange(1), 1, shrunk(values.T[None], 2 * RESTING))
        channels = self._chosen(layer.node, values, MAPS if values.ndim == 3 else UNITS)
        maps = np.moveaxis(values[..., channels], -1, 0)
        side = RESTING if layer.inside == ATTENTION else side
        maps = shrunk(maps, side) if values.ndim == 3 else maps[:, None, None]
        return quantized(layer.node, channels, values.shape[-1], maps)

    def _chosen(self, node: str, values: np.ndarray, most: int) -> np.ndarray:
        """The channels to show: the most active ones, in the order of their numbers."""
        activity = np.abs(values).reshape(-1, values.shape[-1]).mean(0)
        if node in self._before:
            activity[self._before[node]] *= STAYS
        self._before[node] = np.sort(np.argsort(-activity, kind="stable")[:most])
        return self._before[node]

    def _filters(self, state: State, layers: tuple[LayerMaps, ...]) -> LayerMaps | None:
        """The first convolution's kernels, one for each of its maps: (k, rows, columns, colours)."""
        if self._kernel < 0:
            return None
        kernel = np.nan_to_num(np.asarray(state.trainable[self._kernel]))
        place = next(place for place, layer in enumerate(self.shown) if layer.kernel)
        channels = layers[place].channels
        return quantized(self.shown[place].kernel, channels, kernel.shape[-1],
                         np.moveaxis(kernel[..., channels], -1, 0))

    def own_units(self, answers: np.ndarray) -> np.ndarray:
        """Probabilities as they are; numbers in the target's units, reconstructions in the input's.

        Of hidden words, the probabilities of the likeliest, see `words`.
        """
        split = self.split
        if self._guesses:
            return answers[:GUESSES]
        if self._back:
            return restored(split, answers[None])[0]
        if split.target_mean is None or split.target_deviation is None:
            return answers
        return answers * split.target_deviation + split.target_mean

    def words(self, answers: np.ndarray) -> tuple[str, ...]:
        """The likeliest words, where one is hidden; else none."""
        vocabulary = self.split.vocabulary
        if not self._guesses or vocabulary is None or not np.isfinite(answers).all():
            return ()
        return tuple(vocabulary.decoded(answers[GUESSES:]))


def example_maps(config: RunConfig, weights: Sequence[np.ndarray], example: int) -> ExampleMaps | None:
    """The maps of an ended run's network for another test example. weights: from `Finished.weights`."""
    data = split(config.data, config.preparation)
    program = program_for(config, Plan.of(config, data), data_of(data), from_environment())
    count, looker = len(program.model.trainable_variables), ExampleLooker(config, data, program)
    state = State(list(weights[:count]), list(weights[count:]), [])
    found = looker.look(state, example, resting=True)
    return found or looker.late(state, example, COMPILE_SECONDS)


def _of_words(values: np.ndarray, length: int, words: int) -> np.ndarray:
    """What a layer gives for a sentence without its padding: (steps, ...) or (steps, steps, heads)."""
    steps = sum(size == length for size in values.shape[:-1])
    return values[(slice(words),) * steps]


def shrunk(maps: Float[np.ndarray, "k rows columns"], side: int) -> Float[np.ndarray, "k rows columns"]:
    """The maps with at most `side` pixels on each side: means over blocks; a rest at the end is dropped."""
    by = -(-max(maps.shape[1:]) // side)
    if by <= 1:
        return maps
    rows, columns = (max(1, size // by) for size in maps.shape[1:])
    high, wide = (min(by, size) for size in maps.shape[1:])
    cut = maps[:, :rows * high, :columns * wide]
    return cut.reshape(len(maps), rows, high, columns, wide).mean((2, 4))


def quantized(node: str, channels: np.ndarray, total: int, maps: np.ndarray) -> LayerMaps:
    """The maps in 256 levels from their lowest to their highest value."""
    low, high = float(maps.min(initial=0.0)), float(maps.max(initial=0.0))
    levels = np.round((maps - low) * (255 / (high - low) if high > low else 0.0))
    return LayerMaps(node, channels.astype(np.int32), total, levels.astype(np.uint8), low, high)
