"""Nothing of the two tutorials is missing: what each of their parts is shown by."""

import pytest

from core.lessons.articles import ARTICLES
from core.runs.presets import presets

# The long tutorial is A, the short one B. Each line: a part, and what shows it.
LISTINGS = {
    "A1 feed-forward 64-64": "preset tutorial_deep", "A2 Iris": "preset tutorial_mlp",
    "A3 CNN": "preset tutorial_cnn", "A4 CNN on MNIST": "idea fault_98_percent",
    "A5 random forest": "preset tutorial_forest", "A6 collaborative filtering": "idea fault_users_items",
    "A7 sentiment": "preset tutorial_sentiment", "B1 Hello": "preset hello",
    "B2 MLP 64-32": "preset tutorial_binary", "B3 CNN": "preset tutorial_cnn_small",
    "B4 RNN": "preset tutorial_rnn"}
FAULTS = {
    "predict([5])": "idea fault_predict_list", "categorical with integers": "idea fault_one_hot",
    "test images not scaled": "idea fault_test_images", "98 % not measured": "idea fault_98_percent",
    "a forest for a network": "idea fault_forest", "users for items": "idea fault_users_items",
    "not stratified, no seed": "idea fault_random_split"}
APPLICATIONS = {
    "image recognition": "idea mlp_and_cnn", "natural language processing": "term nlp",
    "predictive analytics": "idea season", "anomaly detection": "idea anomalies",
    "medical images": "question what_is_it_used_for", "fraud": "term anomaly",
    "recommendations": "term recommender", "autonomous vehicles": "question comes_later",
    "speech, stock prices": "idea what_cannot_be_forecast"}
FEATURES_AND_PRINCIPLES = {
    "end-to-end learning": "term end_to_end_learning", "transfer learning": "idea transfer",
    "regularization": "term regularization", "batch normalization": "idea batch_normalization",
    "automated features": "term automated_features", "hierarchical representations": "term hierarchy",
    "scalability with data": "term scalability", "generalization": "term generalization",
    "edges, then shapes, then objects": "term hierarchy"}
FRAMEWORKS = dict.fromkeys(("TensorFlow", "PyTorch", "Keras", "MXNet", "Caffe"), "question which_framework")
HYPERPARAMETERS = {
    "learning rate 0.001": "question which_settings_first", "batch size 32": "question which_settings_first",
    "epochs 10": "question which_settings_first", "dropout 0.2": "question which_settings_first",
    "learning rate": "term learning_rate", "batch size": "term batch", "epochs": "term epoch",
    "dropout": "term dropout"}
METRICS = {
    "accuracy": "term accuracy", "precision": "term precision", "recall": "term recall", "F1": "term f1",
    "MAE": "term mae", "RMSE": "term mse", "confusion matrix": "term confusion_matrix",
    "k-fold cross-validation": "term cross_validation"}
FUTURE = {
    "transformers": "term transformer", "self-supervised": "term self_supervised_learning",
    "reinforcement learning": "idea agent", "pre-trained, little data": "term pretrained"}
PREPARATION = {
    "normalization": "term normalization", "augmentation": "term augmentation",
    "training/validation split": "term validation_set", "grid and random search": "term search"}
FAQ = {
    "first projects": "question first_project", "choose a framework": "question which_framework",
    "pitfalls": "question common_pitfalls", "evaluate": "question how_to_evaluate",
    "resources": "question where_next", "deep against machine learning": "question deep_or_machine_learning",
    "why activations": "question why_activations", "how many layers": "question how_many_layers",
    "overfitting": "question what_is_overfitting", "does not learn": "question why_not_learning"}
TROUBLES = {
    "not converging": "question not_converging", "high validation loss": "question high_validation_loss",
    "slow training": "question slow_training"}
EXERCISES = {
    "MNIST": "question exercise_mnist", "activations": "question exercise_activations",
    "CIFAR-10": "question exercise_cifar"}
WORDS = {word: f"term {word}" for word in (
    "deep_learning", "machine_learning", "neural_network", "layer", "activation", "training", "epoch",
    "batch", "learning_rate", "relu", "softmax", "sigmoid", "tanh", "dense", "convolution", "pooling",
    "flatten", "rnn", "cnn", "mlp", "optimizer", "adam", "gradient_descent", "loss", "cross_entropy",
    "mse", "overfitting", "underfitting", "early_stopping", "test_set", "weight", "bias",
    "hidden_layer", "cosine_similarity", "nearest_neighbours", "collaborative_filtering", "sentiment",
    "random_forest", "standard_deviation")}
PARTS = {"listings": LISTINGS, "faults": FAULTS, "applications": APPLICATIONS,
         "features and principles": FEATURES_AND_PRINCIPLES, "frameworks": FRAMEWORKS,
         "hyperparameters": HYPERPARAMETERS, "metrics": METRICS, "future": FUTURE, "preparation": PREPARATION,
         "FAQ": FAQ, "troubles": TROUBLES, "exercises": EXERCISES, "words": WORDS}
LATER = ("autonomous vehicles",)


def test_each_part_of_the_tutorials_is_shown(subtests: pytest.Subtests):
    there = {"preset": presets(), **ARTICLES}
    for title, parts in PARTS.items():
        for part, shown in parts.items():
            with subtests.test(f"{title}: {part}"):
                kind, name = shown.split()
                assert name in there[kind]
                assert kind == "preset" or ARTICLES[kind][name].links


def test_what_is_not_there_yet_is_said_to_come_later():
    found = {part: shown for parts in PARTS.values() for part, shown in parts.items()}
    for part in LATER:
        kind, name = found[part].split()
        assert "comes later" in ARTICLES[kind][name].text


def test_what_the_texts_name_is_named_there():
    text = ARTICLES["question"]["which_framework"].text + ARTICLES["term"]["framework"].text
    assert all(framework in text for framework in FRAMEWORKS)
    settings = ARTICLES["question"]["which_settings_first"]
    assert "0.001" in settings.text and "32" in settings.text and "dropout of 0.2" in settings.text
