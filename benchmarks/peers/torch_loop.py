"""The usual training loop of PyTorch, eager, with all data in memory.

Batches are indexed by a permutation; a `DataLoader`, which puts them together one example at a time, is
slower. Loss and accuracy are added up where they are, without asking for a number after every step.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch  # pyright: ignore[reportMissingImports]
from torch import nn  # pyright: ignore[reportMissingImports]

from benchmarks.peers.task import Task

RECURRENT = {"SimpleRNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}
# Of the gates: Keras names it for SimpleRNN alone, and the two agree on it.
ONLY_ACTIVATION = "tanh"
Config = Mapping[str, Any]


class Reshape(nn.Module):
    """Gives every example another shape."""

    def __init__(self, shape: list[int]):
        super().__init__()
        self.shape = shape

    def forward(self, x: Any) -> Any:
        return x.reshape(len(x), *self.shape)


class Last(nn.Module):
    """A recurrent layer's last output."""

    def __init__(self, cell: Any):
        super().__init__()
        self.cell = cell

    def forward(self, x: Any) -> Any:
        return self.cell(x)[0][:, -1]


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


LAYERS: dict[str, Callable[[Config], list[Any]]] = {
    "Flatten": lambda config: [nn.Flatten()],
    "Reshape": lambda config: [Reshape(config["target_shape"])],
    "Dense": lambda config: _activated(nn.LazyLinear(config["units"]), config),
    "Conv2D": _convolution,
    "MaxPooling2D": lambda config: [nn.MaxPool2d(tuple(config["pool_size"]))],
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
        # It has no lazy form; in front of it stands the Reshape that makes the time steps.
        found.append(Last(RECURRENT[name](found[-1].shape[-1], config["units"], batch_first=True)))
    return found


class TorchLoop:
    """The network as a PyTorch user writes it, channels first."""

    def __init__(self, task: Task):
        x, y = task.arrays()
        if x.ndim == 4:
            x = x.transpose(0, 3, 1, 2).copy()
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._x, self._y = torch.from_numpy(x).to(device), torch.from_numpy(y).long().to(device)
        self._batch_size, self.examples = task.batch_size, len(y)
        self.model = nn.Sequential(*modules(task.stack())).to(device)
        with torch.no_grad():
            self.model(self._x[:1])  # lazy modules learn their inputs
        self._optimizer = torch.optim.Adam(self.model.parameters(), lr=task.learning_rate)
        self._loss = nn.CrossEntropyLoss()
        # Where Keras has one bias, RNN and LSTM of PyTorch have the same one twice.
        twice = [module.cell.bias_hh_l0 for module in self.model if isinstance(module, Last)
                 and not isinstance(module.cell, nn.GRU)]
        self.parameters: int = (sum(parameter.numel() for parameter in self.model.parameters())
                                - sum(bias.numel() for bias in twice))

    def train(self, epochs: int, examples: int) -> tuple[float, float]:
        """See `task.Loop`."""
        loss = correct = torch.zeros(())
        self.model.train()
        for _ in range(epochs):
            order = torch.randperm(examples, device=self._x.device)
            loss, correct = torch.zeros((), device=order.device), torch.zeros((), device=order.device)
            for start in range(0, examples, self._batch_size):
                chosen = order[start:start + self._batch_size]
                x, y = self._x[chosen], self._y[chosen]
                self._optimizer.zero_grad()
                logits = self.model(x)
                mean = self._loss(logits, y)
                mean.backward()
                self._optimizer.step()
                with torch.no_grad():
                    loss += mean * len(y)
                    correct += (logits.argmax(1) == y).sum()
        return loss.item() / examples, correct.item() / examples
