"""Runs whose scripts are run: each piece that scripts are put together of is in one of them."""

import random
from typing import Any

from core.catalog.losses import losses_for
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.datasets import DATASETS, FILES, available
from core.runs.config import RunConfig
from core.runs.presets import good_start, presets
from tests.core.export.test_script import TWO_PHASES

SAMPLES = 12
# What no sample has: one input, few examples, images from files in grey and in colour, one output, several
# steps.
PRESETS = ("hello", "huge", "dropout", "cifar10", "tutorial_binary", "autoencoder", "forecast")

TRANSFERRED: dict[str, Any] = {
    "dataset": "digits", "dataset_parameters": {"classes": list("56789")}, "training_size": 60, "epochs": 30,
    "architecture": "cnn", "architecture_parameters": {"filters": [8, 16], "dense_units": [16]}, "seed": 2,
    "start": {"at": "kept", "layers": 2, "frozen": 1, "rate_factor": 0.1, "config": {
        "dataset_parameters": {"classes": list("01234")}, "training_size": 0, "epochs": 8, "seed": 4}}}

PROBE: dict[str, Any] = {
    "dataset": "digits", "training_size": 100, "validation_share": 0.0, "epochs": 40,
    "architecture_parameters": {"hidden_units": [64]}, "seed": 2, "start": {
        "at": "kept", "layers": 1, "frozen": 1, "config": {
            "target": "input", "masking": 0.3, "training_size": 0, "epochs": 20, "seed": 4,
            "architecture": "autoencoder", "architecture_parameters": {"hidden_units": [64], "code": 16}}}}

GUESSING: dict[str, Any] = {
    "dataset": "sentence_polarity", "dataset_parameters": {"vocabulary": 500, "length": 20}, "epochs": 3,
    "architecture": "embeddings", "learning_rate": 0.01, "training_size": 2000, "target": "hidden_word",
    "masking": 0.15}

Changes = tuple[tuple[int, float], ...]
# With the steps after which the run was stopped, if it was.
Case = tuple[RunConfig, Changes, int | None]


def shortened(config: RunConfig) -> RunConfig:
    """A preset with fewer images and fewer epochs; four examples go as quickly as one."""
    if config.dataset in FILES:
        return config.replaced(training_size=600, epochs=2)
    return config if config.dataset == "hello" else config.replaced(epochs=min(config.epochs, 40))


def sampled(number: int) -> tuple[RunConfig, Changes]:
    """A config of many choices that learns in a few seconds, and changes of its learning rate."""
    draw = random.Random(number)
    dataset = draw.choice(["iris", "wine", "digits", "moons", "blobs", "curve", "diabetes", "sine"])
    data, optimizer = DATASETS[dataset], draw.choice(list(OPTIMIZERS))
    architectures = {1: ["mlp", "softmax"], 2: ["cnn1d", "tutorial_rnn", "transformer"],
                     3: ["cnn", "mlp", "resnet"]}[len(data.shape)]
    name, more = draw.choice(architectures), dict[str, Any]()
    if data.classes:
        more = {"class_weights": draw.choice(["none", "balanced"]), "label_noise": draw.choice([0.0, 0.1]),
                "imbalance": draw.choice([0.0, 0.6])}
    if data.is_image:
        more["training_size"] = 500
        more["architecture_parameters"] = {} if name == "mlp" else {"filters": (8, 16)}
        more["augmentation_parameters"] = draw.choice([{}, {"shift": 0.1, "rotation": 10.0, "noise": 0.05}])
    config = RunConfig(
        dataset=dataset, architecture=name,
        activation=draw.choice(["relu", "tanh", "elu"]),
        initializer=draw.choice(["glorot_uniform", "he_normal"]), l2=draw.choice([0.0, 0.001]),
        dropout_rate=draw.choice([0.0, 0.2]), batch_normalization=draw.random() < 0.3, optimizer=optimizer,
        learning_rate=OPTIMIZERS[optimizer].learning_rate / 2,
        loss=draw.choice(losses_for(data.task, len(data.classes))),
        schedule=draw.choice(list(SCHEDULES)), clip_norm=draw.choice([0.0, 1.0]),
        batch_size=draw.choice([16, 32, 50]), epochs=draw.choice([10, 20]), patience=draw.choice([0, 0, 8]),
        seed=draw.randrange(1000), **more)
    if config.augments:
        # Until little is left to learn: halfway there, luck is as large as all that may be wrong.
        config = config.replaced(loss="cross_entropy", learning_rate=OPTIMIZERS[optimizer].learning_rate,
                                 epochs=20)
    return config, draw.choice([(), ((20, config.learning_rate / 3), (40, config.learning_rate / 2))])


def cases() -> dict[str, Case]:
    found: dict[str, Case] = {
        f"preset-{name}": (shortened(presets()[name].config), (), None) for name in PRESETS
        if available(presets()[name].config.dataset)}
    steered = RunConfig(optimizer="sgd_momentum", learning_rate=0.1, epochs=30, seed=3)
    found["steered"] = steered, ((20, 0.01), (60, 0.002)), None
    # Within an epoch, and at the end of one where early stopping would have taken weights back.
    found["stopped"] = RunConfig(schedule="cosine", epochs=60, seed=2), ((30, 0.02),), 50
    found["stopped-early"] = RunConfig(dataset="digits", epochs=60, patience=20), (), 180
    # From another run's weights: without them, these would have learned next to nothing. One goes on with its
    # optimizer's state, in the middle of an epoch; the other has another optimizer and another activation.
    found["started"] = RunConfig.from_dict({
        "epochs": 2, "learning_rate": 1e-4, "schedule": "cosine", "seed": 3, "start": {
            "config": {"epochs": 60, "learning_rate": 0.01, "schedule": "constant", "schedule_parameters": {},
                       "seed": 1},
            "at": 100, "learning_rates": [[20, 0.02]], "edits": [["logits/bias", 2, 0.0]]}}), ((2, 5e-5),), 5
    found["started-anew"] = RunConfig.from_dict({
        "dataset": "diabetes", "epochs": 1, "learning_rate": 1e-4, "optimizer": "sgd", "activation": "tanh",
        "dropout_rate": 0.1, "start": {"at": "kept", "config": {
            "epochs": 60, "optimizer": "adam", "learning_rate": 0.01, "dropout_rate": 0.0,
            "patience": 10}}}), (), None
    # Damaged inputs, and a preset that gives back images.
    found["damaged"] = RunConfig(dataset="digits", target="input", architecture="autoencoder", masking=0.2,
                                 input_noise=0.1, learning_rate=0.003, epochs=20), (), None
    found["anomalies"] = shortened(good_start("sensor")), (), None
    # A few layers of a start on other classes: one of them frozen, the other slower than the rest.
    found["transferred"] = RunConfig.from_dict(TRANSFERRED), (), None
    found["transferred-in-two-phases"] = RunConfig.from_dict(TWO_PHASES), (), None
    # Layers of an autoencoder, frozen: a probe of what was learned without labels.
    found["probe"] = RunConfig.from_dict(PROBE), (), None
    if available("sentence_polarity"):
        found["sentences"] = RunConfig(
            dataset="sentence_polarity", dataset_parameters={"vocabulary": 2000, "length": 20}, epochs=3,
            architecture="transformer", learning_rate=0.003, training_size=1000), (), None
        # Words of sentences that are guessed, and what that taught about words as a start.
        found["hidden-words"] = RunConfig(**GUESSING), (), None
        found["pre-trained"] = RunConfig.from_dict({
            **GUESSING, "target": "label", "masking": 0.0, "training_size": 400, "epochs": 15, "seed": 2,
            "start": {"at": "kept", "layers": 1, "frozen": 1, "config": {
                **{name: GUESSING[name] for name in ("target", "masking", "training_size", "epochs")},
                "seed": 4}}}), (), None
    # A few ratings of few users; a network of its own on the same ones.
    pairs = {"dataset": "ratings", "batch_size": 64, "epochs": 10, "l2": 0.001,
             "dataset_parameters": {"users": 60, "titles": 40, "ratings": 1000}}
    found["ratings"] = RunConfig(architecture="factorization", **pairs), (), None
    found["ratings-neural"] = RunConfig(architecture="neural_recommender", **pairs), (), None
    # Of samples 8 and 10 all that they call is called by others.
    return found | {f"sample-{number:02}": (*sampled(number), None) for number in range(SAMPLES)
                    if number not in (8, 10)}


CASES = cases()
