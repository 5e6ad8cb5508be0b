"""Keras's layers in PyTorch's modules, as a user of PyTorch writes them: channels first, padding masked."""

from collections.abc import Callable, Mapping
from typing import Any

import torch  # pyright: ignore[reportMissingImports]
from torch import nn  # pyright: ignore[reportMissingImports]

RECURRENT = {"SimpleRNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}
# Of the gates: Keras names it for SimpleRNN alone, and the two agree on it.
ONLY_ACTIVATION = "tanh"
Config = Mapping[str, Any]


class Masked(nn.Module):
    """A module that also gets which inputs are words, bool (n, length); None where they are no words."""


class Reshape(nn.Module):
    """Gives every example another shape."""

    def __init__(self, shape: list[int]):
        super().__init__()
        self.shape = shape

    def forward(self, x: Any) -> Any:
        return x.reshape(len(x), *self.shape)


class Last(Masked):
    """A recurrent layer's last output; of sentences, at the last word."""

    def __init__(self, cell: Any):
        super().__init__()
        self.cell = cell

    def forward(self, x: Any, mask: Any) -> Any:
        if mask is None:
            return self.cell(x)[0][:, -1]
        lengths = mask.sum(1).clamp(min=1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        state = self.cell(packed)[1]
        return (state[0] if isinstance(state, tuple) else state)[-1]


class PlacedEmbedding(Masked):
    """A row for each word, plus one for its place in the sentence."""

    def __init__(self, config: Config):
        super().__init__()
        width = config["output_dim"]
        self.words = nn.Embedding(config["input_dim"], width)
        self.places = nn.Embedding(config["length"] + 1, width)

    def forward(self, x: Any, mask: Any) -> Any:
        places = torch.arange(1, x.shape[1] + 1, device=x.device) * mask
        return self.words(x) + self.places(places)


class AttentionBlock(Masked):
    """A layer of a transformer's encoder."""

    def __init__(self, config: Config):
        super().__init__()
        width, units = config["channels"], config["units"]
        if config["num_heads"] * config["key_dim"] != width:
            raise KeyError("PyTorch's heads divide the channels among them.")
        self.attention = nn.MultiheadAttention(width, config["num_heads"], batch_first=True)
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.inner = nn.Sequential(nn.Linear(width, units), nn.ReLU(), nn.Linear(units, width))

    def forward(self, x: Any, mask: Any) -> Any:
        padding = None if mask is None else ~mask
        y, _ = self.attention(x, x, x, key_padding_mask=padding, need_weights=False)
        x = self.first(x + y)
        return self.second(x + self.inner(x))


class Factorization(nn.Module):
    """The product of a user's and an item's row, plus a bias for each."""

    def __init__(self, config: Config):
        super().__init__()
        counts = config["users"], config["items"]
        self.rows = nn.ModuleList([nn.Embedding(count, config["width"]) for count in counts])
        self.biases = nn.ModuleList([nn.Embedding(count, 1) for count in counts])

    def forward(self, x: Any) -> Any:
        (users, items), (user, item) = (
            [table(x[:, place]) for place, table in enumerate(tables)] for tables in (self.rows, self.biases))
        return (users * items).sum(1, keepdim=True) + user + item


class Mean(Masked):
    """The mean over the words of a sentence."""

    def forward(self, x: Any, mask: Any) -> Any:
        if mask is None:
            return x.mean(1)
        weights = mask.unsqueeze(-1).to(x.dtype)
        return (x * weights).sum(1) / weights.sum(1).clamp(min=1)


class Channels(nn.Module):
    """A dense layer over the channels of every pixel, which are first here."""

    def __init__(self, units: int):
        super().__init__()
        self.layer = nn.LazyConv2d(units, 1)

    def forward(self, x: Any) -> Any:
        return self.layer(x)


def _activated(module: Any, config: Config) -> list[Any]:
    """`module` and the activation of its layer."""
    known = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
    name = config.get("activation", "linear")
    return [module] if name == "linear" else [module, known[name]()]


def _convolution(config: Config) -> list[Any]:
    # What is as Keras has it by default is not written.
    padding = config.get("padding", "valid")
    module = nn.LazyConv2d(config["filters"], tuple(config["kernel_size"]), padding=padding)
    return _activated(module, config)


def _transposed(config: Config) -> list[Any]:
    """With the padding that doubles an image of even sides, as "same" does."""
    strides, size = tuple(config["strides"]), tuple(config["kernel_size"])
    if config["padding"] != "same" or (strides, size) != ((2, 2), (3, 3)):
        raise KeyError(f"Conv2DTranspose with {config}")
    return _activated(nn.LazyConvTranspose2d(config["filters"], 3, 2, padding=1, output_padding=1), config)


LAYERS: dict[str, Callable[[Config], list[Any]]] = {
    "Flatten": lambda config: [nn.Flatten()],
    "Reshape": lambda config: [Reshape(config["target_shape"])],
    "Dense": lambda config: _activated(nn.LazyLinear(config["units"]), config),
    "Conv2D": _convolution,
    "Conv2DTranspose": _transposed,
    "MaxPooling2D": lambda config: [nn.MaxPool2d(tuple(config["pool_size"]))],
    "Embedding": lambda config: [nn.Embedding(config["input_dim"], config["output_dim"])],
    "PlacedEmbedding": lambda config: [PlacedEmbedding(config)],
    "AttentionBlock": lambda config: [AttentionBlock(config)],
    "MatrixFactorization": lambda config: [Factorization(config)],
    "GlobalAveragePooling1D": lambda config: [Mean()],
}


def modules(stack: list[dict[str, Any]]) -> list[Any]:
    """The stack in PyTorch's modules. Raises `KeyError` for what has no counterpart here."""
    found: list[Any] = []
    for layer in stack:
        name, config = layer["class_name"], layer["config"]
        if name not in RECURRENT:
            found += LAYERS[name](config)
            continue
        if config.get("activation", ONLY_ACTIVATION) != ONLY_ACTIVATION:
            raise KeyError(f"{name} with {config['activation']}")
        # It has no lazy form; in front of it stands the Reshape that makes the time steps, or an Embedding.
        before = found[-1]
        width = before.embedding_dim if isinstance(before, nn.Embedding) else before.shape[-1]
        found.append(Last(RECURRENT[name](width, config["units"], batch_first=True)))
    return found


class Network(nn.Module):
    """The modules one after another; those that want it get the mask of the padding.

    words: whether the input is words by number. pixels: whether the output is an image, so that the last
    layer works on the channels of every pixel.
    """

    def __init__(self, stack: list[dict[str, Any]], words: bool, pixels: bool):
        super().__init__()
        last = [Channels(stack[-1]["config"]["units"])] if pixels else modules(stack[-1:])
        self.parts, self.words = nn.ModuleList([*modules(stack[:-1]), *last]), words

    def forward(self, x: Any) -> Any:
        mask = x != 0 if self.words else None
        for part in self.parts:
            x = part(x, mask) if isinstance(part, Masked) else part(x)
        return x
