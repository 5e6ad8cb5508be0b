"""Presets that take layers over from another run."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.datasets import DATASETS
from core.runs.config import RunConfig
from core.runs.preset import Preset
from core.runs.start import KEPT


def transfer() -> list[Preset]:
    """Layers taken over from a run on other classes of the same images, or on examples without labels."""
    photographs = DATASETS["cifar10"].classes
    return [
        Preset("transfer_digits", "Transfer: digits 0-4 to 5-9", "good", "A network learns the digits 0 to 4 "
               "from 6,000 images first. This one takes over its two convolutions, frozen, and learns 5 to 9 "
               "from ten images each. Train it, then remove the start at the top and train again: how much "
               "did the transfer help? The learning curve shows it for 2 to 50 images each.",
               RunConfig.from_dict(transferred("mnist", "56789", "01234", 50, {
                   "training_size": 6000, "epochs": 2}, layers=2, frozen=2)), curve=True),
        Preset("transfer_photos", "Transfer: photographs", "good", "A network learns to tell airplanes, "
               "automobiles, birds, cats and deer apart. This one takes over its two convolutions, frozen, "
               "and learns dogs, frogs, horses, ships and trucks from fifty photographs each. Remove the "
               "start at the top and train again: edges and colours are the same in both, so how much is "
               "saved?",
               RunConfig.from_dict(transferred("cifar10", photographs[5:], photographs[:5], 250, {
                   "training_size": 2500, "epochs": 12}, layers=2, frozen=2)), curve=True),
        Preset("unlabelled", "Digits without labels", "good", "An autoencoder removes noise from images of "
               "digits first; nobody tells it which digit is which. This network takes over its hidden "
               "layer, frozen, and learns an output layer from ten labels of each digit. The learning curve "
               "trains that, and the same network from scratch, with 1, 10 and 100 labels of each. When is "
               "what was learned without labels of use, and when is it not? With five seeds that had no part "
               "in choosing this network, it gained 7.2 ± 1.3 points, 2.9 ± 0.7 and 0.0 ± 1.0.",
               RunConfig.from_dict({
                   "dataset": "digits", "training_size": 100, "validation_share": 0.0, "epochs": 60,
                   "architecture_parameters": {"hidden_units": (256,)}, "start": {
                       "at": KEPT, "layers": 1, "frozen": 1, "config": {
                           "target": "input", "training_size": 0, "input_noise": 0.5, "epochs": 40,
                           "loss": "pixel_cross_entropy", "learning_rate": 0.003,
                           "architecture": "autoencoder",
                           "architecture_parameters": {"hidden_units": (256,), "code": 32}}}}),
               curve=True),
        Preset("masked_words", "Reviews: pre-trained or from scratch", "good", "A network reads 8,500 "
               "sentences without their labels and guesses words that are hidden in them. This one takes "
               "over its table of words and learns from 100 labelled sentences whether a review is positive. "
               "The learning curve trains that, and the same network from scratch, with 24 to 1,600 labels. "
               "Pre-training is said to need little data: does it help here?",
               RunConfig.from_dict({
                   "dataset": "sentence_polarity", "dataset_parameters": {"vocabulary": 3000},
                   "training_size": 100, "validation_share": 0.0, "architecture": "embeddings",
                   "architecture_parameters": {"width": 64}, "epochs": 40, "start": {
                       "at": KEPT, "layers": 1, "rate_factor": 0.1, "config": {
                           "target": "hidden_word", "masking": 0.3, "training_size": 0, "epochs": 10}}}),
               curve=True)]


def transferred(dataset: str, own: Sequence[str], theirs: Sequence[str], size: int,
                 start: Mapping[str, Any], **layers: Any) -> dict[str, Any]:
    """A CNN that learns `own` classes from `size` images, after one that learned `theirs`."""
    return {"dataset": dataset, "dataset_parameters": {"classes": list(own)}, "training_size": size,
            "validation_share": 0.0, "architecture": "cnn",
            "architecture_parameters": {"filters": (16, 32), "dense_units": (32,)}, "learning_rate": 0.003,
            "epochs": 40, "start": {"at": KEPT, **layers, "config": {
                "dataset_parameters": {"classes": list(theirs)}, **start}}}
