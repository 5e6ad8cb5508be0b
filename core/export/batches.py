"""Code for training batches that are changed anew each time they are drawn."""

from collections.abc import Sequence

_CLASS = '''\
class {name}(keras.utils.PyDataset):
    """{says}"""

    def __init__(self):
        super().__init__()
        self.random = np.random.default_rng([SEED, 3])
        self.on_epoch_end()

    def __len__(self):
        return -(-len(x_train) // BATCH_SIZE)

    def on_epoch_end(self):
        self.order = self.random.permutation(len(x_train))

    def __getitem__(self, batch):
        x = x_train[self.order[batch * BATCH_SIZE:(batch + 1) * BATCH_SIZE]]
{lines}'''


def changed_batches(name: str, says: str, lines: Sequence[str]) -> str:
    """Code for a class `name` of batches; says: its docstring.

    lines: what makes inputs and targets of the batch `x`, by `self.random`; the last one returns both.
    """
    return _CLASS.format(name=name, says=says, lines="\n".join(f"        {line}" for line in lines))
