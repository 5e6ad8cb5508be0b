"""Presets that go wrong on purpose, for the learner to diagnose."""

from typing import Any

from core.runs.config import RunConfig
from core.runs.preset import Preset
from core.runs.transfer_presets import transferred


def bad() -> list[Preset]:
    """Each with what is wrong, and how to cure it."""
    def wrong(name: str, label: str, text: str, diagnosis: str, **values: Any) -> Preset:
        return Preset(name, label, "bad", text, RunConfig(**values), diagnosis)

    return [
        wrong("rate_10", "Learning rate 10", "Look at the loss after the first steps, and at what happens "
            "next. Does the network ever settle down?",
            "Every step is far too large: it overshoots the valley and lands higher than before. Divide the "
            "learning rate by ten until the curve is calm.", dataset="iris", learning_rate=10.0, epochs=40),
        wrong("zeros", "Zero weights", "The loss stays where it started, whatever the learning rate. "
            "Compare the accuracy with the share of the largest class.",
            "With zero weights no signal gets through and all units are the same, so no gradient reaches "
            "the weights. Start from random weights: choose any initializer but zeros and ones.",
            dataset="iris", initializer="zeros", epochs=60),
        wrong("vanishing", "Six layers of sigmoid", "Six hidden layers, yet the network learns less than "
            "with one. Watch the loss: for how long is it flat?",
            "The slope of a sigmoid is at most a quarter, so after six layers hardly any gradient is left: "
            "it vanishes. Use relu, fewer layers, or batch normalization.",
            dataset="moons", architecture_parameters={"hidden_units": (16,) * 6}, activation="sigmoid",
            optimizer="sgd", learning_rate=0.1, epochs=100),
        wrong("two_epochs", "Two epochs", "Both losses are still falling when the run ends. What would "
            "happen if it continued?",
            "The run ended long before the network had finished learning. Raise the epochs until the "
            "validation loss no longer falls.", dataset="digits", learning_rate=0.001, epochs=2),
        wrong("no_scaling", "Unscaled inputs", "One of the inputs is about 1000; others are below 1. What "
            "does a step that suits one input do to the others?",
            "The largest input dominates every sum, and the slope along it is a million times steeper. "
            "Standardize the inputs.",
            dataset="wine", scaling="none", optimizer="sgd", learning_rate=0.01, epochs=60),
        wrong("huge", "Huge network, 30 examples", "The training loss goes to zero. What does the validation "
            "loss do, and from which epoch on?",
            "There are a thousand times as many weights as examples, so the network memorizes the examples: "
            "it overfits. Use more examples, a smaller network, dropout or L2, or stop early.",
            dataset="moons", dataset_parameters={"noise": 0.35, "count": 500}, training_size=30,
            architecture_parameters={"hidden_units": (256, 256)}, epochs=150),
        wrong("memorized", "Memorized sentences", "Soon every training sentence is right. How many of the "
            "others are? Type a sentence under Try it: which words does the network go by?",
            "In a thousand sentences, most words occur only once or twice: the network remembers in which "
            "sentence a word was. Use all sentences, a smaller vocabulary, dropout, or stop early.",
            dataset="sentence_polarity", training_size=1000, architecture="embeddings", learning_rate=0.01,
            epochs=20),
        wrong("memorized_words", "Hidden words from 200 sentences", "The network guesses words that are "
            "hidden in 200 sentences. From which epoch on does it get better at these sentences only? Write "
            "a sentence with _ for a word under Try it: how sure is it of its guesses?",
            "In 200 sentences, most words occur only once or twice: the network learns by heart which words "
            "stood together, and is sure of wrong words everywhere else. Guessing hidden words needs no "
            "labels, so more sentences cost nothing. Use all of them.",
            dataset="sentence_polarity", dataset_parameters={"vocabulary": 2000}, target="hidden_word",
            masking=0.15, training_size=200, architecture="embeddings", architecture_parameters={"width": 64},
            learning_rate=0.01, epochs=100),
        wrong("short_window", "Three hours of the day", "The network sees three hours and forecasts the next "
            "eight. Compare its error with the seasonal naive forecast, which says the same as yesterday. "
            "Where in the day is it wrong?",
            "The day has 24 hours, and three quiet ones look the same at noon and at midnight: the network "
            "cannot tell when the next peak comes. Let it see a whole day and more: a window of 36.",
            dataset="demand", dataset_parameters={"window": 3, "horizon": 8}, architecture="rnn",
            architecture_parameters={"cell": "GRU", "units": 32}, activation="tanh", epochs=30),
        wrong("anomaly_copies", "Code too wide for anomalies", "Training and validation error fall to almost "
            "nothing. Open Evaluate, Anomalies: how many of the faults are found, and what do the methods "
            "under Classical baselines find?",
            "The code has as many numbers as the window, or more: the network copies any window, faulty ones "
            "included, and their errors become as small as those of normal windows. A low error is not the "
            "aim here. Make the code narrow: with 4 numbers it can give back only what is normal.",
            dataset="sensor", target="input", normal=("healthy",), architecture="autoencoder",
            architecture_parameters={"hidden_units": (), "code": 64}, learning_rate=0.003, epochs=60),
        wrong("copies", "Code as wide as the image", "The error falls and falls. Open Try it and draw "
            "something that is no digit: what comes back? What does the network know about digits?",
            "The code has as many numbers as the image has pixels, so the network copies them: it gives back "
            "anything, and has learned nothing about digits. Make the code narrow, or mask a part of the "
            "input.",
            dataset="digits", target="input", architecture="autoencoder", learning_rate=0.003, epochs=40,
            architecture_parameters={"hidden_units": (), "code": 64}),
        wrong("memorized_ratings", "Memorized ratings", "Soon the training ratings are predicted almost "
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
               RunConfig.from_dict(transferred("digits", "56789", "01234", 50, {
                   "training_size": 0, "epochs": 15}, frozen=3)),
               "The last hidden layer has learned what sets 0 to 4 apart, and that is not what sets 5 to 9 "
               "apart. Frozen, it cannot change. Take over the two convolutions only: the rest is then new.")]
