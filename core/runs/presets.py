"""Presets: good starts, the tutorials' networks, and runs that go wrong on purpose."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.datasets import Dataset
from core.parameters import FieldError
from core.runs.bad_presets import bad
from core.runs.config import RunConfig
from core.runs.preset import Preset
from core.runs.transfer_presets import transfer

# Settings with which each dataset is learned well, where they differ from the defaults. The defaults, two
# hidden layers of 16 with Adam at 0.01, already suit small tables.
_GOOD: dict[str, dict[str, Any]] = {
    "iris": {}, "wine": {"epochs": 30}, "breast_cancer": {"epochs": 30, "learning_rate": 0.003},
    "ten_features": {"epochs": 15, "learning_rate": 0.003},
    "moons": {"epochs": 100}, "circles": {"epochs": 100}, "blobs": {"epochs": 15, "learning_rate": 0.003},
    "spirals": {"epochs": 300, "architecture_parameters": {"hidden_units": (32, 32)}, "activation": "tanh"},
    "xor": {"epochs": 100}, "quantiles": {"epochs": 100},
    "placed": {"epochs": 300, "batch_size": 8, "validation_share": 0.2},
    "digits": {"architecture": "cnn", "architecture_parameters": {"filters": (16, 32)}, "epochs": 15,
               "learning_rate": 0.003},
    "digits12": {"architecture": "cnn", "architecture_parameters": {"filters": (16, 32)}, "epochs": 15,
                 "learning_rate": 0.003},
    "mnist": {"architecture": "cnn", "learning_rate": 0.001, "epochs": 5, "validation_share": 0.1},
    "fashion_mnist": {"architecture": "cnn", "learning_rate": 0.001, "epochs": 8, "validation_share": 0.1,
                      "dropout_rate": 0.2},
    "cifar10": {"architecture": "cnn", "learning_rate": 0.001, "epochs": 15, "validation_share": 0.1,
                "dropout_rate": 0.2, "augmentation_parameters": {"flip": "horizontal"}},
    # After a few epochs, only the training sentences are still understood better.
    "sentence_polarity": {"architecture": "embeddings", "learning_rate": 0.001, "epochs": 6,
                          "validation_share": 0.1},
    "hello": {"architecture": "softmax", "optimizer": "sgd", "scaling": "none", "epochs": 500,
              "validation_share": 0.0},
    "curve": {"architecture_parameters": {"hidden_units": (32, 32)}, "activation": "tanh", "epochs": 200},
    "diabetes": {"architecture_parameters": {"hidden_units": (16,)}, "epochs": 60, "learning_rate": 0.003,
                 "l2": 0.01},
    "sine": {"architecture": "tutorial_rnn", "epochs": 20, "learning_rate": 0.003},
    "sines": {"architecture": "rnn", "architecture_parameters": {"cell": "GRU", "units": 32}, "epochs": 30,
              "dataset_parameters": {"window": 30}, "activation": "tanh"},
    "demand": {"architecture": "rnn", "architecture_parameters": {"cell": "GRU", "units": 32}, "epochs": 30,
               "dataset_parameters": {"window": 36, "horizon": 8}, "activation": "tanh"},
    "sensor": {"target": "input", "normal": ("healthy",), "architecture": "autoencoder",
               "architecture_parameters": {"hidden_units": (32,), "code": 4}, "learning_rate": 0.003,
               "epochs": 60},
    "spikes": {"architecture": "rnn", "architecture_parameters": {"cell": "SimpleRNN", "units": 16},
               "activation": "tanh", "epochs": 30},
    # Prices can hardly be forecast: even this smallest network errs about 50 % more than the naive forecast.
    "stocks": {"architecture": "softmax", "epochs": 100, "dataset_parameters": {"window": 4}},
    "ratings": {"architecture": "factorization", "architecture_parameters": {"width": 8}, "l2": 0.0003,
                "learning_rate": 0.003, "batch_size": 128, "epochs": 30, "validation_share": 0.1},
    "movielens": {"architecture": "factorization", "architecture_parameters": {"width": 8}, "l2": 0.0003,
                  "learning_rate": 0.003, "batch_size": 256, "epochs": 20, "validation_share": 0.1}}


@lru_cache(maxsize=64)
def good_start(dataset: str) -> RunConfig:
    """A config that learns `dataset` well. Raises `FieldError` for a dataset that is not there."""
    return RunConfig(dataset=dataset, **_GOOD.get(dataset, {}))


def beginnings(data: Dataset) -> tuple[RunConfig, RunConfig]:
    """The good start of a dataset, and its defaults: an untouched form looks like one of these two.

    A learner's table of ratings begins as the film ratings do, in smaller batches: it may have 300 of them.
    """
    try:
        if data.name == "table" and data.is_pairs:
            return good_start("ratings").replaced(batch_size=32), RunConfig(dataset="table")
        return good_start(data.name), RunConfig(dataset=data.name)
    except FieldError:  # a table that is not here yet
        return RunConfig(), RunConfig()


# Keras's defaults: Adam's learning rate, batches of 32, no validation set.
_PRINTED: Mapping[str, Any] = {"learning_rate": 0.001, "batch_size": 32, "validation_share": 0.0}


def _listings() -> list[Preset]:
    """The tutorials' networks with their own numbers. Where something differs, the text says so."""
    def listing(name: str, label: str, text: str, **values: Any) -> Preset:
        return Preset(name, label, "listing", text, RunConfig(**{**_PRINTED, **values}))

    iris: Mapping[str, Any] = {"dataset": "iris", "architecture": "tutorial_mlp", "epochs": 50}
    # What the tutorials only suggest, with validation to see its effect.
    suggested: Mapping[str, Any] = {"validation_share": 0.1}
    return [
        Preset("hello", "Hello, neural network", "listing",
               "One unit learns y = 2x from four points. Watch its line turn until it predicts nearly 10 "
               "for x = 5. All numbers are as in the tutorial.",
               good_start("hello")),
        listing("tutorial_deep", "MLP 64-64", "Two hidden layers of 64 units with relu, 10 epochs. How much "
                "does it learn in the first two? The tutorial does not say which data it learns from; here "
                "it learns the small digits.",
                dataset="digits", architecture_parameters={"hidden_units": (64, 64)}, epochs=10),
        listing("tutorial_mlp", "MLP on Iris", "One hidden layer of 10 units with relu tells three kinds of "
                "flowers apart. Has it finished learning after 50 epochs, or is the loss still falling? The "
                "tutorial splits the flowers at random; here every class has its share of the test set.",
                **iris),
        listing("tutorial_forest", "Random forest on Iris", "The tutorial's forest of 100 trees is one of "
                "the baselines: press Train, then open Evaluate, choose Baselines and fit them. The seed is "
                "42, as in the tutorial. Here the forest gets 28 of 30 test flowers right, because every "
                "class has its share of the test set. In the tutorial the split is random, and the forest "
                "gets all 30 right.", seed=42, **iris),
        listing("tutorial_binary", "MLP 64-32, one output", "Ten inputs, two hidden layers of 64 and 32 "
                "units with relu, and one sigmoid output: the probability of the second class. The tutorial "
                "defines only the network; the table, the 30 epochs and the validation set are ours.",
                dataset="ten_features", architecture_parameters={"hidden_units": (64, 32)},
                loss="binary_cross_entropy", epochs=30, validation_share=0.2),
        listing("tutorial_cnn", "CNN on MNIST", "Two convolutions with pooling, then 64 units: about 99 % "
                "of the test images are right after 5 epochs. Look at the images that it still gets wrong. "
                "The tutorial does not scale the test images; here they are scaled like the training images.",
                dataset="mnist", architecture="tutorial_cnn", epochs=5),
        listing("tutorial_cnn_small", "Small CNN on MNIST", "A single convolution and 128 units. Compare it "
                "with the CNN that has two convolutions: what does the second one add? The tutorial defines "
                "only the network; MNIST and the 5 epochs are ours. Its one-hot labels give the same loss.",
                dataset="mnist", architecture="tutorial_cnn_small", epochs=5),
        listing("tutorial_rnn", "SimpleRNN on a sine", "Fifty units with tanh read ten values and forecast "
                "the next. It has to beat a naive forecast, which is drawn beside it. The tutorial defines "
                "only the network; the sine, the 20 epochs and the validation set are ours.",
                dataset="sine", architecture="tutorial_rnn", epochs=20, validation_share=0.2),
        listing("tutorial_sentiment", "Sentiment of a sentence", "Press Train, open Try it and type a "
                "sentence: the label and its score, as the tutorial prints them. Its network was pretrained "
                "by others on far more text. This small transformer has read only 7,700 film reviews, and "
                "gets about three of four right. The exported script has the tutorial's own calls beside it.",
                dataset="sentence_polarity", architecture="transformer", epochs=2, **suggested),
        listing("dropout", "Dropout on MNIST", "The dropout rate that the tutorial suggests: at every "
                "training step, a fifth of the 128 units are switched off. At first the training accuracy "
                "is below the validation accuracy: find out why.",
                dataset="mnist", architecture_parameters={"hidden_units": (128,)}, dropout_rate=0.2, epochs=5,
                **suggested),
        listing("cifar10", "CNN on CIFAR-10", "An exercise from the tutorials. Photographs are harder than "
                "digits. Find the epoch after which only the training accuracy rises.",
                dataset="cifar10", architecture="cnn", epochs=10,
                architecture_parameters={"filters": (32, 64, 64), "padding": "valid"}, **suggested)]


def _anomalies() -> list[Preset]:
    """Autoencoders that see normal examples only, and find what is not by its error."""
    return [
        Preset("anomaly_digit", "Anomalies: one digit is normal", "good", "The network learns from the digit "
               "8 alone and then sees all ten. What it has never seen comes back as something like an 8, "
               "with a large error. Watch the two histograms move apart. Which digits pass for an 8? Open "
               "Evaluate and choose a threshold.",
               RunConfig(dataset="digits", target="input", normal=("8",), architecture="autoencoder",
                         loss="pixel_cross_entropy", learning_rate=0.003, epochs=100)),
        Preset("anomaly_sensor", "Anomalies: faults of a machine", "good", "A sensor's readings, cut into "
               "windows. The network learns from windows without a fault and squeezes each through 4 "
               "numbers. Which faults are found, and which stay hidden in the noise? Evaluate compares it "
               "with an isolation forest and the nearest neighbour.", good_start("sensor"))]


@lru_cache(maxsize=1)
def presets() -> dict[str, Preset]:
    """All presets by name: the good start, the listings, and those to diagnose."""
    good = Preset("good", "Good start", "good", "The network tells three kinds of flowers apart by four "
                  "lengths, within a second. Both losses fall together and stay low: this is how it should "
                  "look.", good_start("iris"))
    sentiment = Preset("sentiment", "Is the review positive?", "good", "An average of words learns from "
                       "sentences of film reviews. It gets three of four new ones right, about as many as "
                       "logistic regression that counts words (see Evaluate, Classical baselines). Type a "
                       "sentence under Try it and see which words it goes by. From which epoch on does only "
                       "the training accuracy rise?",
                       good_start("sentence_polarity"))
    back = Preset("autoencoder", "Autoencoder of digits", "good", "The network gives back images of digits "
                  "through a code of only 8 numbers. Which digits come back blurred? Open Try it and draw "
                  "something that is no digit: it comes back as one.",
                  RunConfig(dataset="digits", target="input", architecture="autoencoder",
                            loss="pixel_cross_entropy", learning_rate=0.003, epochs=40))
    films = Preset("recommender", "Which film next?", "good", "Matrix factorization learns 8 numbers for "
                   "each person and each film from 20,000 ratings. Rate a few films under Try it, all of one "
                   "genre, and watch the recommendations change. Nobody told the network about genres: "
                   "which films does it find similar?", good_start("ratings"))
    ahead = Preset("forecast", "Eight hours ahead", "good", "From the last 36 hours of a town's demand, the "
                   "network forecasts the next eight. The dashed line has to beat the dotted one, which says "
                   "the same as yesterday. How does the error grow with the distance? See Evaluate, Steps "
                   "ahead, where least squares on the same windows stands beside the network.",
                   good_start("demand"))
    all_ = [good, *transfer(), sentiment, films, back, *_anomalies(), ahead, *_listings(), *bad()]
    return {preset.name: preset for preset in all_}
