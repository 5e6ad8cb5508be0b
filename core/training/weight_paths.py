"""The names of a network's variables, for weights that leave it as arrays."""

import keras


def paths(model: keras.Model) -> tuple[str, ...]:
    """Layer and variable, such as `dense_1/kernel`, in the order of `Finished.weights`.

    Only Keras knows that order if layers are side by side.
    """
    # A Sequential puts its own name before its layers', a Model does not.
    return tuple(variable.path.removeprefix(f"{model.name}/")
                 for variable in (*model.trainable_variables, *model.non_trainable_variables))
