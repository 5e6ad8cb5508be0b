"""Presets: good starts, the tutorials' networks, and runs that go wrong on purpose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.datasets import DATASETS
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.start import KEPT

# "good": how a run should look. "listing": as a tutorial prints it. "bad": for the learner to diagnose.
KINDS = ("good", "listing", "bad")


@dataclass(frozen=True)
class Preset:
    """One preset.

    Attributes:
        name, label: its key, and what the menu shows.
        kind: one of `KINDS`.
        text: what to look for.
        config: what it fills in.
        diagnosis: for `bad` ones, what is wrong and how to cure it; shown only after the learner has thought
            about it.
        curve: whether its learning curve is what to look at: trained in one click.
    """

    name: str
    label: str
    kind: str
    text: str
    config: RunConfig
    diagnosis: str = ""
    curve: bool = False


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
    "sensor": {"target": "input", "normal": ("normal",), "architecture": "autoencoder",
               "architecture_parameters": {"hidden_units": (32,), "code": 4}, "learning_rate": 0.003,
               "epochs": 60},
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


def beginnings(dataset: str) -> tuple[RunConfig, RunConfig]:
    """The good start of `dataset`, and its defaults: an untouched form looks like one of these two."""
    try:
        return good_start(dataset), RunConfig(dataset=dataset)
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


def _bad() -> list[Preset]:
    def bad(name: str, label: str, text: str, diagnosis: str, **values: Any) -> Preset:
        return Preset(name, label, "bad", text, RunConfig(**values), diagnosis)

    return [
        bad("rate_10", "Learning rate 10", "Look at the loss after the first steps, and at what happens "
            "next. Does the network ever settle down?",
            "Every step is far too large: it overshoots the valley and lands higher than before. Divide the "
            "learning rate by ten until the curve is calm.", dataset="iris", learning_rate=10.0, epochs=40),
        bad("zeros", "Zero weights", "The loss stays where it started, whatever the learning rate. "
            "Compare the accuracy with the share of the largest class.",
            "With zero weights no signal gets through and all units are the same, so no gradient reaches "
            "the weights. Start from random weights: choose any initializer but zeros and ones.",
            dataset="iris", initializer="zeros", epochs=60),
        bad("vanishing", "Six layers of sigmoid", "Six hidden layers, yet the network learns less than with "
            "one. Watch the loss: for how long is it flat?",
            "The slope of a sigmoid is at most a quarter, so after six layers hardly any gradient is left: "
            "it vanishes. Use relu, fewer layers, or batch normalization.",
            dataset="moons", architecture_parameters={"hidden_units": (16,) * 6}, activation="sigmoid",
            optimizer="sgd", learning_rate=0.1, epochs=100),
        bad("two_epochs", "Two epochs", "Both losses are still falling when the run ends. What would happen "
            "if it continued?",
            "The run ended long before the network had finished learning. Raise the epochs until the "
            "validation loss no longer falls.", dataset="digits", learning_rate=0.001, epochs=2),
        bad("no_scaling", "Unscaled inputs", "One of the inputs is about 1000; others are below 1. What "
            "does a step that suits one input do to the others?",
            "The largest input dominates every sum, and the slope along it is a million times steeper. "
            "Standardize the inputs.",
            dataset="wine", scaling="none", optimizer="sgd", learning_rate=0.01, epochs=60),
        bad("huge", "Huge network, 30 examples", "The training loss goes to zero. What does the validation "
            "loss do, and from which epoch on?",
            "There are a thousand times as many weights as examples, so the network memorizes the examples: "
            "it overfits. Use more examples, a smaller network, dropout or L2, or stop early.",
            dataset="moons", dataset_parameters={"noise": 0.35, "count": 500}, training_size=30,
            architecture_parameters={"hidden_units": (256, 256)}, epochs=150),
        bad("memorized", "Memorized sentences", "Soon every training sentence is right. How many of the "
            "others are? Type a sentence under Try it: which words does the network go by?",
            "In a thousand sentences, most words occur only once or twice: the network remembers in which "
            "sentence a word was. Use all sentences, a smaller vocabulary, dropout, or stop early.",
            dataset="sentence_polarity", training_size=1000, architecture="embeddings", learning_rate=0.01,
            epochs=20),
        bad("short_window", "Three hours of the day", "The network sees three hours and forecasts the next "
            "eight. Compare its error with the seasonal naive forecast, which says the same as yesterday. "
            "Where in the day is it wrong?",
            "The day has 24 hours, and three quiet ones look the same at noon and at midnight: the network "
            "cannot tell when the next peak comes. Let it see a whole day and more: a window of 36.",
            dataset="demand", dataset_parameters={"window": 3, "horizon": 8}, architecture="rnn",
            architecture_parameters={"cell": "GRU", "units": 32}, activation="tanh", epochs=30),
        bad("anomaly_copies", "Code too wide for anomalies", "Training and validation error fall to almost "
            "nothing. Open Evaluate, Anomalies: how many of the faults are found, and what do the methods "
            "under Classical baselines find?",
            "The code has as many numbers as the window, or more: the network copies any window, faulty ones "
            "included, and their errors become as small as those of normal windows. A low error is not the "
            "aim here. Make the code narrow: with 4 numbers it can give back only what is normal.",
            dataset="sensor", target="input", normal=("normal",), architecture="autoencoder",
            architecture_parameters={"hidden_units": (), "code": 64}, learning_rate=0.003, epochs=60),
        bad("copies", "Code as wide as the image", "The error falls and falls. Open Try it and draw "
            "something that is no digit: what comes back? What does the network know about digits?",
            "The code has as many numbers as the image has pixels, so the network copies them: it gives back "
            "anything, and has learned nothing about digits. Make the code narrow, or mask a part of the "
            "input.",
            dataset="digits", target="input", architecture="autoencoder", learning_rate=0.003, epochs=40,
            architecture_parameters={"hidden_units": (), "code": 64}),
        bad("memorized_ratings", "Memorized ratings", "Soon the training ratings are predicted almost "
            "exactly. How large is the error of the others, and from which epoch on does it grow? Rate a few "
            "films under Try it: do you get what you like?",
            "Each person and each film has 128 numbers, more than the person has ratings: they remember "
            "every single one, and its noise. Use L2, 0.0003 for example, and fewer dimensions: the films "
            "have only five genres.",
            dataset="ratings", architecture="factorization", architecture_parameters={"width": 128},
            learning_rate=0.01, batch_size=128, epochs=30, validation_share=0.1),
        Preset("frozen", "Every hidden layer frozen", "bad", "A network that has learned the digits 0 to 4 "
               "is given a new output layer for 5 to 9, and only that one is trained. How many training "
               "images are right in the end, and what does a network from scratch reach?",
               RunConfig.from_dict(_transferred("digits", "56789", "01234", 50, {
                   "training_size": 0, "epochs": 15}, frozen=3)),
               "The last hidden layer has learned what sets 0 to 4 apart, and that is not what sets 5 to 9 "
               "apart. Frozen, it cannot change. Take over the two convolutions only: the rest is then new.")]


def _transfer() -> list[Preset]:
    """Layers taken over from a run on other classes of the same images, or on images without labels."""
    photographs = DATASETS["cifar10"].classes
    return [
        Preset("transfer_digits", "Transfer: digits 0-4 to 5-9", "good", "A network learns the digits 0 to 4 "
               "from 6,000 images first. This one takes over its two convolutions, frozen, and learns 5 to 9 "
               "from ten images each. Train it, then remove the start at the top and train again: how much "
               "did the transfer help? The learning curve shows it for 2 to 50 images each.",
               RunConfig.from_dict(_transferred("mnist", "56789", "01234", 50, {
                   "training_size": 6000, "epochs": 2}, layers=2, frozen=2)), curve=True),
        Preset("transfer_photos", "Transfer: photographs", "good", "A network learns to tell airplanes, "
               "automobiles, birds, cats and deer apart. This one takes over its two convolutions, frozen, "
               "and learns dogs, frogs, horses, ships and trucks from fifty photographs each. Remove the "
               "start at the top and train again: edges and colours are the same in both, so how much is "
               "saved?",
               RunConfig.from_dict(_transferred("cifar10", photographs[5:], photographs[:5], 250, {
                   "training_size": 2500, "epochs": 12}, layers=2, frozen=2)), curve=True),
        Preset("unlabelled", "Digits without labels", "good", "An autoencoder removes noise from images of "
               "digits first; nobody tells it which digit is which. This network takes over its hidden "
               "layer, frozen, and learns an output layer from ten labels of each digit. The learning curve "
               "trains that, and the same network from scratch, with 1, 10 and 100 labels of each. When is "
               "what was learned without labels of use, and when is it in the way?",
               RunConfig.from_dict({
                   "dataset": "digits", "training_size": 100, "validation_share": 0.0, "epochs": 60,
                   "architecture_parameters": {"hidden_units": (256,)}, "start": {
                       "at": KEPT, "layers": 1, "frozen": 1, "config": {
                           "target": "input", "training_size": 0, "input_noise": 0.5, "epochs": 40,
                           "loss": "pixel_cross_entropy", "learning_rate": 0.003,
                           "architecture": "autoencoder",
                           "architecture_parameters": {"hidden_units": (256,), "code": 32}}}}),
               curve=True)]


def _transferred(dataset: str, own: Sequence[str], theirs: Sequence[str], size: int,
                 start: Mapping[str, Any], **layers: Any) -> dict[str, Any]:
    """A CNN that learns `own` classes from `size` images, after one that learned `theirs`."""
    return {"dataset": dataset, "dataset_parameters": {"classes": list(own)}, "training_size": size,
            "validation_share": 0.0, "architecture": "cnn",
            "architecture_parameters": {"filters": (16, 32), "dense_units": (32,)}, "learning_rate": 0.003,
            "epochs": 40, "start": {"at": KEPT, **layers, "config": {
                "dataset_parameters": {"classes": list(theirs)}, **start}}}


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
    all_ = [good, *_transfer(), sentiment, films, back, *_anomalies(), ahead, *_listings(), *_bad()]
    return {preset.name: preset for preset in all_}
