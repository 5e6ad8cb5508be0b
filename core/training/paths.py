"""The names of a network's variables, for whoever takes its weights away as arrays."""

from core.config import RunConfig
from core.training.model import build_model


def variable_paths(config: RunConfig) -> tuple[str, ...]:
    """Layer and variable, such as `dense_1/kernel`, in the order of `Finished.weights`.

    Takes 10 to 30 ms: no weight is drawn. Only Keras knows the order, where layers stand side by side.
    """
    model = build_model(config)
    # A Sequential puts its own name before its layers', a Model does not.
    return tuple(one.path.removeprefix(f"{model.name}/")
                 for one in (*model.trainable_variables, *model.non_trainable_variables))
