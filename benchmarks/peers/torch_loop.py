"""The usual training loop of PyTorch, eager, with all data in memory.

Batches are indexed by a permutation; a `DataLoader`, which puts them together one example at a time, is
slower. Loss and metric are added up where they are, without asking for a number after every step.
"""

from typing import Any

import numpy as np
import torch  # pyright: ignore[reportMissingImports]
from torch import nn  # pyright: ignore[reportMissingImports]

from benchmarks.peers.task import Task
from benchmarks.peers.torch_layers import Last, Network


class TorchLoop:
    """The network as a PyTorch user writes it, channels first."""

    def __init__(self, task: Task):
        x, y = task.arrays()
        tables, self._target = x.dtype == np.int32, task.target
        if x.ndim == 4:
            x = x.transpose(0, 3, 1, 2).copy()
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._x = torch.from_numpy(x).to(device)
        self._x = self._x.long() if tables else self._x
        self._y = self._x if task.target == "input" else torch.from_numpy(y).to(device)
        self._y = self._y.long() if task.target == "classes" else self._y
        self._batch_size, self.examples = task.batch_size, len(y)
        words = task.layers[0]["class_name"] in ("Embedding", "PlacedEmbedding") if task.layers else False
        self.model = Network(task.stack(), words, task.target == "input" and x.ndim == 4).to(device)
        with torch.no_grad():
            self.model(self._x[:1])  # lazy modules learn their inputs
        self._optimizer = torch.optim.Adam(self.model.parameters(), lr=task.learning_rate)
        self._loss = nn.CrossEntropyLoss() if task.target == "classes" else nn.MSELoss()
        # Where Keras has one bias, RNN and LSTM of PyTorch have the same one twice.
        twice = [module.cell.bias_hh_l0 for module in self.model.parts if isinstance(module, Last)
                 and not isinstance(module.cell, nn.GRU)]
        self.parameters: int = (sum(parameter.numel() for parameter in self.model.parameters())
                                - sum(bias.numel() for bias in twice))

    def train(self, epochs: int, examples: int) -> tuple[float, float]:
        """See `task.Loop`."""
        loss = metric = torch.zeros(())
        self.model.train()
        for _ in range(epochs):
            order = torch.randperm(examples, device=self._x.device)
            loss, metric = torch.zeros((), device=order.device), torch.zeros((), device=order.device)
            for start in range(0, examples, self._batch_size):
                chosen = order[start:start + self._batch_size]
                x, y = self._x[chosen], self._y[chosen]
                self._optimizer.zero_grad()
                outputs = self.model(x)
                mean = self._loss(outputs, y)
                mean.backward()
                self._optimizer.step()
                with torch.no_grad():
                    loss += mean * len(y)
                    metric += self._metric(outputs, y)
        return loss.item() / examples, metric.item() / examples

    def _metric(self, outputs: Any, y: Any) -> Any:
        """The sum over a batch."""
        if self._target == "numbers":
            return torch.abs(outputs - y).sum()
        if self._target == "input":
            return torch.sqrt(torch.square(outputs - y).flatten(1).mean(1)).sum()
        return (outputs.argmax(1) == y).sum()
