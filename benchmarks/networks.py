"""The networks that the playground and its peers train in turns, and how much faster ours is wanted."""

from dataclasses import dataclass, replace

from benchmarks.subjects import MNIST_CNN, RATINGS, SENTENCES
from core.datasets import Dataset, Preparation, Split
from core.datasets.splits import split
from core.runs.config import RunConfig

# In the order of `Contestant.wanted`.
PEERS = {"jax": "keras.fit JAX", "tensorflow": "keras.fit TensorFlow", "torch": "PyTorch"}


@dataclass(frozen=True)
class Contestant:
    """One network. wanted: the highest ratio of our time to each peer's, in the order of `PEERS`.

    of_floor: the least share wanted of the speed that the matrix products alone have, where one is.
    config.epochs, peer_epochs: how many one turn of ours and of a peer takes, long enough to be timed.
    """

    name: str
    label: str
    config: RunConfig
    wanted: tuple[float, float, float]
    of_floor: float | None = None
    peer_epochs: int = 1

    @property
    def target(self) -> str:
        """As `benchmarks.peers.task.Task` names it."""
        data = self.config.data
        return "input" if data.reconstructs else "classes" if data.classes else "numbers"


# What was asked of the tutorials' applications.
ENTRY = (0.8, 0.8, 0.8)


def _recurrent(cell: str) -> Contestant:
    config = MNIST_CNN.replaced(architecture="rnn", activation="tanh",
                                architecture_parameters={"cell": cell, "units": 64})
    return Contestant(cell.lower(), f"{cell} 64, MNIST rows, 32", config, (0.9, 0.6, 1.0))


CONTESTANTS = {contestant.name: contestant for contestant in (
    Contestant("cnn-32", "tutorial CNN, MNIST, 32", MNIST_CNN, (0.35, 0.6, 0.5), 0.5),
    Contestant("cnn-128", "tutorial CNN, MNIST, 128", MNIST_CNN.replaced(batch_size=128), (0.2, 0.85, 0.7),
               0.5),
    Contestant("mlp-mnist", "MLP 128, MNIST, 32", MNIST_CNN.replaced(
        architecture="mlp", architecture_parameters={"hidden_units": (128,)}), (0.5, 0.15, 0.4)),
    Contestant("mlp-iris", "MLP 10, Iris, 32", RunConfig(
        architecture_parameters={"hidden_units": (10,)}, epochs=1000, validation_share=0.0), (0.2, 0.05, 0.2),
        peer_epochs=50),
    _recurrent("SimpleRNN"), _recurrent("LSTM"), _recurrent("GRU"),
    Contestant("lstm-sentences", "LSTM 32, sentences, 32", SENTENCES.replaced(
        architecture="rnn", activation="tanh", architecture_parameters={"cell": "LSTM", "units": 32}), ENTRY),
    Contestant("transformer-sentences", "transformer 32, sentences, 32", SENTENCES.replaced(
        architecture="transformer", activation="relu"), ENTRY),
    Contestant("autoencoder-mnist", "conv. autoencoder, MNIST, 32", MNIST_CNN.replaced(
        target="input", architecture="conv_autoencoder", loss="mse", architecture_parameters={}), ENTRY),
    Contestant("factorization", "matrix factorization 16, 100,000 ratings, 128", RATINGS, ENTRY))}


def shortened(dataset: Dataset, examples: int) -> Split:
    """A dataset without validation, and with at most this many training examples."""
    whole = split(dataset, Preparation(validation_share=0.0))
    return replace(whole, x=whole.x[:examples], y=whole.y[:examples])
