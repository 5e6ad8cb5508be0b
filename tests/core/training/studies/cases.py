"""Members that train together: what they differ in is an argument of their one program."""

from core.datasets import available
from core.runs.config import RunConfig

# Twenty steps of three an epoch: beyond, high learning rates part by rounding alone.
IRIS = RunConfig(epochs=7, learning_rate=0.01)

CASES = {
    "learning rates and seeds": [
        IRIS.replaced(learning_rate=rate, seed=seed) for rate in (0.001, 0.03) for seed in (0, 5)],
    "numbers of AdamW": [
        IRIS.replaced(optimizer="adamw", optimizer_parameters=values)
        for values in ({"weight_decay": 0.1, "beta_1": 0.5}, {"weight_decay": 0.01, "epsilon": 1e-3})],
    "momentum of SGD": [IRIS.replaced(optimizer="sgd_momentum", optimizer_parameters={"momentum": number})
                        for number in (0.5, 0.95)],
    "momentum of Nesterov": [IRIS.replaced(optimizer="sgd_nesterov", optimizer_parameters={"momentum": rate})
                             for rate in (0.5, 0.95)],
    "numbers of RMSprop": [
        IRIS.replaced(optimizer="rmsprop", optimizer_parameters={"momentum": momentum, "rho": rho})
        for momentum, rho in ((0.5, 0.8), (0.9, 0.95))],
    "numbers of Nadam": [IRIS.replaced(optimizer="nadam", optimizer_parameters={"beta_1": number})
                         for number in (0.8, 0.95)],
    "numbers of Lion": [IRIS.replaced(optimizer="lion", learning_rate=0.001,
                                      optimizer_parameters={"beta_1": number}) for number in (0.8, 0.95)],
    "numbers of Adadelta": [IRIS.replaced(optimizer="adadelta", learning_rate=1.0,
                                          optimizer_parameters={"rho": number}) for number in (0.8, 0.95)],
    "numbers of Adamax": [IRIS.replaced(optimizer="adamax", optimizer_parameters={"beta_2": number})
                          for number in (0.9, 0.99)],
    "dropout and penalties": [IRIS.replaced(dropout_rate=rate, l2=l2, seed=7)
                              for rate, l2 in ((0.1, 0.01), (0.5, 0.001))],
    "batch normalization": [IRIS.replaced(batch_normalization=True, seed=seed) for seed in (1, 2)],
    "schedules and clipping": [IRIS.replaced(schedule=name, clip_norm=norm)
                               for name, norm in (("cosine", 0.5), ("exponential", 2.0))],
    "label noise and class weights": [IRIS.replaced(label_noise=share, class_weights="balanced")
                                      for share in (0.1, 0.4)],
    "numbers to predict": [RunConfig(dataset="diabetes", epochs=2, seed=seed, learning_rate=0.003)
                           for seed in (0, 3)],
    "one output": [RunConfig(dataset="moons", loss="binary_cross_entropy", epochs=4, seed=seed)
                   for seed in (0, 3)],
    "a start, left within an epoch": [
        IRIS.replaced(learning_rate=rate, seed=seed, dropout_rate=0.2, start={
            "config": {"epochs": 9, "learning_rate": 0.01, "seed": 4}, "at": 7,
            "edits": [["logits/bias", 0, 1.0]]})
        for rate, seed in ((0.001, 4), (0.03, 4), (0.01, 5))],
    "a start with another optimizer": [
        IRIS.replaced(optimizer="sgd", learning_rate=rate, start={
            "config": {"optimizer": "adam", "learning_rate": 0.01}, "at": "kept"}) for rate in (0.01, 0.1)],
    "layers from other data, frozen and slowed": [
        RunConfig.from_dict({"dataset": "moons", "seed": seed, "training_size": 40, "epochs": 3, "start": {
            "at": "kept", "frozen": 1, "rate_factor": factor, "config": {"dataset": "circles", "epochs": 5,
                                                                         "training_size": 0, "seed": 1}}})
        for seed, factor in ((3, 0.5), (4, 0.5))],
    "damaged inputs": [
        RunConfig.from_dict({"dataset": "iris", "target": "input", "epochs": 4, "masking": masking,
                             "input_noise": noise}) for masking, noise in ((0.1, 0.5), (0.5, 0.1))],
    "normal classes": [
        RunConfig.from_dict({"dataset": "iris", "target": "input", "epochs": 4, "normal": ["virginica"],
                             "seed": seed}) for seed in (0, 3)],
    "images": [RunConfig(dataset="digits", architecture="cnn", batch_size=256, epochs=2, seed=1,
                         architecture_parameters={"filters": [4], "dense_units": [8]}, learning_rate=rate,
                         augmentation_parameters={"noise": 0.1}) for rate in (0.001, 0.01)],
    "ratings": [RunConfig(dataset="ratings", dataset_parameters={"users": 30, "titles": 20, "ratings": 250},
                          architecture="factorization", epochs=2, learning_rate=0.1, l2=l2, seed=seed)
                for l2, seed in ((0.001, 1), (0.01, 2))],
}
if available("sentence_polarity"):
    # Of another seed, other words have the same numbers.
    CASES["sentences"] = [
        RunConfig(dataset="sentence_polarity", dataset_parameters={"vocabulary": 100, "length": 8}, epochs=2,
                  training_size=300, architecture="transformer", architecture_parameters={"units": 4},
                  seed=seed) for seed in (1, 2)]
